"""Outputs, and the test of label shift."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.domains import gather
from autotransfer_adaptation.label_shift import Outputs, cross_fitted, plausibility
from scipy.stats import kstest

from autotransfer.learners import Neighbors
from autotransfer.task import Context


def _outputs(rng: np.random.Generator, share: float, moved: float = 0.0) -> Outputs:
    """One score of two Gaussian classes; the target has another class share and, if moved, another place."""
    ys, yt = rng.random(1000) < 0.5, rng.random(500) < share
    s, t = rng.normal(2.0 * ys), rng.normal(2.0 * yt) + moved
    p, q = (1 / (1 + np.exp(-2 * (x - 1))) for x in (s, t))
    return Outputs(np.column_stack([1 - p, p]), ys.astype(int), np.column_stack([1 - q, q]))


def test_equals_scipys_test_without_weights() -> None:
    """Ratios 1: twice (two outputs) the asymptotic Kolmogorov-Smirnov p-value."""
    outputs = _outputs(np.random.default_rng(0), 0.4)
    expected = kstest(outputs.source[:, 0], outputs.target[:, 0], method="asymp")
    n = 1000 * 500 / 1500
    from scipy.stats import kstwobign

    np.testing.assert_allclose(plausibility(outputs, np.ones(2)), min(1, 2 * kstwobign.sf(expected.statistic * n**0.5)))


def test_label_shift_is_accepted_and_a_moved_target_refused() -> None:
    """With the true ratios p is large in label shift, small without reweighting, and small for moved inputs."""
    rng = np.random.default_rng(1)
    shifted, ratios = _outputs(rng, 0.9), np.array([0.2, 1.8])
    assert plausibility(shifted, ratios) > 0.05
    assert plausibility(shifted, np.ones(2)) < 1e-6
    assert plausibility(_outputs(rng, 0.9, moved=1.0), ratios) < 1e-3


def test_the_test_keeps_its_level() -> None:
    """True ratios, 200 times: p < 0.05 at most about as often as it says (Bonferroni makes it rarer)."""
    rng = np.random.default_rng(2)
    found = [plausibility(_outputs(rng, 0.8), np.array([0.4, 1.6])) for _ in range(200)]
    assert np.mean(np.array(found) < 0.05) <= 0.08


def test_nothing_to_compare_is_no_evidence_against() -> None:
    """No target row, or no weight at all: p = 1."""
    outputs = _outputs(np.random.default_rng(3), 0.5)
    assert plausibility(Outputs(outputs.source, outputs.source_y, outputs.target[:0]), np.ones(2)) == 1.0
    assert plausibility(outputs, np.zeros(2)) == 1.0


def test_no_row_is_predicted_by_a_model_that_it_trained(shift) -> None:
    """Labels drawn by lot: nearest neighbours know rows they have seen, so cross-fitted ones must be right half the
    time and not always."""
    task, source, _ = shift(n_labeled=10, n_unlabeled=30)
    domains = gather(task, source, "joint")
    lots = np.random.default_rng(4).integers(0, 2, len(domains.S))
    domains = type(domains)(domains.S, lots, domains.T, domains.target_y, domains.scaler, 2)
    outputs = cross_fitted(Neighbors(k=1), domains, Context(seed=0))
    assert 0.35 < np.mean(outputs.source.argmax(axis=1) == lots) < 0.65
    assert outputs.target.shape == (30, 2)
