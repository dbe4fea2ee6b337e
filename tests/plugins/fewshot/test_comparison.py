"""Comparisons against their definitions, written with loops."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_fewshot.comparison import Comparison, unit
from autotransfer_fewshot.predictor import transformed

from autotransfer.errors import InputError

RNG = np.random.default_rng(0)
Z, ROWS, LABELS = RNG.normal(size=(7, 4)), RNG.normal(size=(5, 4)), np.array([2, 0, 0, 3, 2])


@pytest.mark.parametrize("similarity", ["cosine", "squared"])
def test_the_softmax_over_rows_summed_over_classes(similarity: str) -> None:
    """p(c | z) = sum over rows r of c of exp(s l(z, r)) / sum over all rows, one by one."""
    found = Comparison(ROWS, LABELS, 5, similarity, 3.0).probabilities(Z)
    for z, p in zip(Z, found, strict=True):
        likeness = [
            z @ r / np.linalg.norm(z) / np.linalg.norm(r) if similarity == "cosine" else -np.sum((z - r) ** 2)
            for r in ROWS
        ]
        weights = np.exp(3.0 * np.array(likeness))
        expected = [weights[label == LABELS].sum() / weights.sum() for label in range(5)]
        np.testing.assert_allclose(p, expected, atol=1e-12)


def test_means_are_those_of_the_classes_that_have_rows() -> None:
    found = Comparison.of_means(ROWS, LABELS, 5)
    assert found.labels.tolist() == [0, 2, 3]
    np.testing.assert_allclose(found.rows[1], (ROWS[0] + ROWS[4]) / 2)
    assert (found.probabilities(Z)[:, [1, 4]] == 0).all()


def test_far_rows_and_rows_of_zeros_stay_finite() -> None:
    for similarity in ("cosine", "squared"):
        found = Comparison(ROWS, LABELS, 4, similarity, 100.0).probabilities(np.array([np.zeros(4), 1e6 * np.ones(4)]))
        np.testing.assert_allclose(found.sum(axis=1), 1)
    assert np.isfinite(unit(np.zeros((2, 3)))).all()
    np.testing.assert_allclose(np.linalg.norm(transformed(Z, ROWS[0], unit_length=True), axis=1), 1)


def test_an_unknown_similarity_is_refused() -> None:
    state = Comparison(ROWS, LABELS, 4, "cosine").state() | {"similarity": "os.system"}
    with pytest.raises(InputError, match=r"compares by 'os\.system'"):
        Comparison.restore(state)
