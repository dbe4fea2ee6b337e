"""Optimal transport of the source."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from autotransfer_adaptation.optimal_transport import OptimalTransport, class_plan
from autotransfer_adaptation.sinkhorn import sinkhorn_plan

from autotransfer.task import Context


def test_source_rows_become_means_of_target_rows(shift) -> None:
    """Without class regularisation x_i -> sum_j P_ij t_j / sum_j P_ij; rows that were not in the plan move as the
    nearest one does."""
    task, source, _ = shift()
    S, T = source.rows.X, task.unlabeled.X
    fitted = OptimalTransport(class_weight=0.0, entropy=0.1).fit(task, source, Context(seed=0))
    cost = np.square(S[:, None] - T).sum(axis=2)
    plan = sinkhorn_plan(cost / cost.mean(), 0.1, Context())
    moved = plan @ T / plan.sum(axis=1, keepdims=True)
    assert fitted.source_way is not None
    np.testing.assert_allclose(fitted.source_way(S), moved, atol=1e-9)
    np.testing.assert_allclose(fitted.source_way(S[:3] + 1e-9), moved[:3] + 1e-9, atol=1e-9)


def test_regularised_plans_mix_classes_less() -> None:
    """sum_jc (mass of class c at target j)^(1/2) falls as its weight grows; margins stay."""
    rng = np.random.default_rng(0)
    y = np.arange(40) % 2
    S, T = rng.normal(size=(40, 2)) + y[:, None], rng.normal(size=(30, 2))
    cost = np.square(S[:, None] - T).sum(axis=2)
    cost /= cost.mean()
    mixing = []
    for weight in (0.0, 0.05, 0.5):
        plan = class_plan(cost, y, 0.1, weight, 10, Context())
        np.testing.assert_allclose(plan.sum(axis=0), 1 / 30)
        mixing.append(sum(np.sqrt(plan[y == c].sum(axis=0)).sum() for c in (0, 1)))
    assert mixing[0] > mixing[1] > mixing[2]


def test_undoes_a_move_and_a_stretch(shift) -> None:
    """A stretched and moved source is transported onto the target's clusters."""
    task, source, test = shift(matrix=np.diag([1.5, 2.0, 1.0, 1.0]))
    for weight in (0.0, 0.1):
        fitted = OptimalTransport(class_weight=weight).fit(task, source, Context(seed=0))
        assert np.mean(fitted.predict(test).argmax(axis=1) == test.labels) > 0.9


def test_known_labels_steer_the_plan(shift) -> None:
    """The target's classes lie the other way round: with 60 labelled rows the source is sent to the right ones."""
    task, source, test = shift(n_labeled=60, n_unlabeled=0, matrix=np.eye(4))
    lie = replace(source, data=replace(source.rows, y=1 - source.rows.labels))
    fitted = OptimalTransport(target_weight=0.1).fit(task, lie, Context(seed=0))
    assert np.mean(fitted.predict(test).argmax(axis=1) == test.labels) > 0.9


def test_many_rows_are_thinned_out(shift) -> None:
    """At most 50 of 300 and of 200 rows in the plan: still most labels are right, at the same seed the same."""
    task, source, test = shift(matrix=np.eye(4))
    method = OptimalTransport(most_rows=50)
    first, again = (method.fit(task, source, Context(seed=1)).predict(test) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert np.mean(first.argmax(axis=1) == test.labels) > 0.9
