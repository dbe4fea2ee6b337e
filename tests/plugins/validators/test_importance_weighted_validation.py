"""The weighted mean of held-out losses estimates the target's, where only the inputs differ."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_validators.density_ratio import density_ratios
from autotransfer_validators.importance_weighted_validation import ImportanceWeightedValidation
from autotransfer_validators.source_validation import SourceValidation


def shifted(rng, n=1500):
    """A model that is right for x > 0 and wrong in half of the cases else; the target stands at 1.5."""
    known, held, target = (rng.normal(size=(size, 1)) for size in (n, n, n))
    target += 1.5
    y = rng.integers(2, size=n)
    wrong = (held[:, 0] < 0) & (rng.random(n) < 0.5)
    return (known, held, target), y, np.eye(2)[np.where(wrong, 1 - y, y)]


def test_it_is_the_weighted_share_of_hits(make, rng):
    X, y, P = shifted(rng, 200)
    evidence = make(held=P, y=y, X=X)
    w = density_ratios(evidence)
    expected = (w * (P.argmax(1) == y)).sum() / w.sum()
    assert ImportanceWeightedValidation().score(evidence) == pytest.approx(expected)


def test_it_estimates_the_targets_accuracy(make, rng):
    """P(x > 0) is 0.933 for N(1.5, 1): accuracy 0.967; in the source it is 0.75."""
    X, y, P = shifted(rng)
    evidence = make(held=P, y=y, X=X)
    assert SourceValidation().score(evidence) == pytest.approx(0.75, abs=0.04)
    assert ImportanceWeightedValidation().score(evidence) == pytest.approx(0.967, abs=0.04)


def test_values_have_the_root_of_the_weighted_mean_square(make, rng):
    known, held, target = (rng.normal(size=(80, 2)) for _ in range(3))
    y, found = rng.normal(size=(2, 80))
    evidence = make(held=found, y=y, X=(known, held, target), metric="rmse")
    w = density_ratios(evidence)
    expected = -np.sqrt(np.sum(w * (y - found) ** 2) / w.sum())
    assert ImportanceWeightedValidation().score(evidence) == pytest.approx(expected)


def test_equal_domains_give_source_validation(make, rng):
    X = (np.zeros((30, 2)),) * 3
    evidence = make(held=rng.dirichlet(np.ones(2), 30), y=rng.integers(2, size=30), X=X)
    assert ImportanceWeightedValidation().score(evidence) == pytest.approx(SourceValidation().score(evidence))


def test_without_rows_it_is_undefined(make, drawn):
    assert np.isnan(ImportanceWeightedValidation().score(make(target=drawn)))
