"""Class shares by expectation maximisation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from autotransfer_adaptation.domains import gather
from autotransfer_adaptation.label_shift import Outputs
from autotransfer_adaptation.saerens import LabelShiftEm, share_ratios

from autotransfer.task import Context


def test_equals_the_papers_iteration(shift) -> None:
    """P^(s+1)(c) = mean_j of P^(s)(c) / P(c) P(c | x_j), scaled over classes; 3000 steps written out."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 200)
    target = rng.dirichlet([1.0, 2.0, 0.5], size=80)
    prior = np.bincount(y) / 200
    shares = prior
    for _ in range(3000):
        posterior = target * shares / prior
        shares = (posterior / posterior.sum(axis=1, keepdims=True)).mean(axis=0)
    domains = replace(gather(*shift()[:2], "joint"), target_y=np.array([], dtype=int))
    found = share_ratios(Outputs(np.eye(3)[y], y, target), domains)
    np.testing.assert_allclose(found, shares / prior, atol=1e-3)


def test_outputs_are_moved_to_the_targets_shares(shift) -> None:
    """The target keeps one in ten rows of the class a: better probabilities (log loss) than those left as they are."""
    task, source, _ = shift(n_unlabeled=1000, matrix=np.eye(4))
    twin = replace(
        source, data=replace(source.rows, inputs=source.rows.X - 4.0 + np.random.default_rng(1).normal(size=(300, 4)))
    )
    rng = np.random.default_rng(0)
    noisy = replace(task.unlabeled, inputs=task.unlabeled.X + rng.normal(size=(1000, 4)))
    labels = task.unlabeled.X[:, 0] > 0
    kept = labels | (rng.random(1000) < 0.1)
    few = replace(task, unlabeled=noisy.take(kept))
    losses = []
    for significance in (0.001, 0.9999):
        fitted = LabelShiftEm(significance=significance).fit(few, twin, Context(seed=0))
        p = fitted.predict(few.unlabeled)[np.arange(kept.sum()), labels[kept].astype(int)]
        losses.append(-np.log(p).mean())
        assert fitted.diagnostics["stood_back"] == (significance > 0.5)
    assert losses[0] < losses[1]


def test_labelled_rows_count_with_their_class(shift) -> None:
    """Nothing but labelled rows in the likelihood: their shares are found."""
    task, source, _ = shift(n_labeled=40, n_unlabeled=5)
    domains = gather(task, source, "joint")
    y = np.repeat([0, 1], [30, 10])
    found = share_ratios(Outputs(np.eye(2)[y], y, np.empty((0, 2))), domains)
    np.testing.assert_allclose(found * [0.75, 0.25], np.bincount(domains.target_y) / 40, atol=1e-6)


def test_the_source_keeps_its_own_shares(shift) -> None:
    """For validation, outputs on source rows are the learner's own."""
    task, source, _ = shift()
    fitted = LabelShiftEm(significance=0.0).fit(task, source, Context(seed=0))
    own = fitted.learner.predict_features(source.rows.X)
    np.testing.assert_allclose(fitted.for_source().predict(source.rows), own)
