"""Joint distribution optimal transport."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from autotransfer_adaptation.domains import gather
from autotransfer_adaptation.jdot import Jdot, losses, transported

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, Source, Task


def test_labels_are_sent_by_the_plan(shift) -> None:
    """Values: their mean under the plan's columns. Classes: one row for each class, by its mass."""
    task, source, _ = shift(n_unlabeled=2)
    domains = gather(task, source, "joint")
    plan = np.zeros((300, 2))
    zero, one = np.flatnonzero(domains.source_y == 0), np.flatnonzero(domains.source_y == 1)
    plan[zero[0], 0], plan[one[0], 0], plan[one[1], 1] = 0.3, 0.2, 0.5
    X, y, mass = transported(domains, plan)
    np.testing.assert_array_equal(y, [0, 1, 1])
    np.testing.assert_allclose(mass, [0.6, 0.4, 1.0])
    np.testing.assert_array_equal(X, domains.T[[0, 0, 1]])
    values = replace(domains, source_y=np.arange(300.0), n_classes=0)
    np.testing.assert_allclose(transported(values, plan)[1], [0.6 * zero[0] + 0.4 * one[0], one[1]])


def test_losses() -> None:
    """Minus log probability of the source row's class; squared error over the variance."""
    p = np.array([[0.8, 0.2], [0.5, 0.5], [1.0, 0.0]])
    np.testing.assert_allclose(losses(np.array([0, 1]), p, 2), -np.log([[0.8, 0.5, 1.0], [0.2, 0.5, 1e-6]]))
    y = np.array([0.0, 2.0])
    np.testing.assert_allclose(losses(y, np.array([1.0, 3.0]), 0), [[1.0, 9.0], [1.0, 1.0]])


def test_values_of_a_moved_source() -> None:
    """y = x of the source; the target's inputs and values lie 3 higher: less than a tenth of the error of a line
    fitted on the source, which JDOT cannot know the offset of, but the rows' order it carries over."""
    rng = np.random.default_rng(0)
    S, T = np.sort(rng.normal(size=(150, 1)), axis=0), np.sort(rng.normal(size=(150, 1)), axis=0) + 3.0
    task = Task(Dataset("t", Modality.FEATURES, T[:0]), None, unlabeled=Dataset("u", Modality.FEATURES, T))
    offers = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    source = Source("s", offers, Dataset("s", Modality.FEATURES, S, S[:, 0]))
    found = Jdot().fit(task, source, Context(seed=0)).predict(task.unlabeled)
    assert np.mean((found - (T[:, 0] - 3.0)) ** 2) < 0.1 * np.mean((T[:, 0] - (T[:, 0] - 3.0)) ** 2)


def test_undoes_a_move(shift) -> None:
    """Classes of a source that is 4 away, learned on target rows alone."""
    task, source, test = shift(matrix=np.eye(4))
    fitted = Jdot().fit(task, source, Context(seed=0))
    assert np.mean(fitted.predict(test).argmax(axis=1) == test.labels) > 0.9
    assert fitted.diagnostics["transport_cost"] > 0


def test_rounds_lower_the_cost(shift) -> None:
    """Plan and model in turn: the joint cost after five rounds is not above that after one."""
    task, source, _ = shift()
    first, last = (Jdot(rounds=r).fit(task, source, Context(seed=0)).diagnostics["transport_cost"] for r in (1, 5))
    assert last <= first * (1 + 1e-3)
