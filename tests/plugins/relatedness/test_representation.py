"""What all scores of a representation share."""

from __future__ import annotations

import math
from dataclasses import replace

import autotransfer_relatedness
import numpy as np
import pytest
from autotransfer_relatedness.representation import RepresentationScore, leading_components
from sklearn.decomposition import PCA

from autotransfer.assets import Asset
from autotransfer.task import Context

SCORES = [e for e in autotransfer_relatedness.relatedness_estimators() if isinstance(e, RepresentationScore)]
every = pytest.mark.parametrize("score", SCORES, ids=lambda score: score.name)


def test_there_are_some() -> None:
    """They need an encoder: a source of rows alone has no such score."""
    assert len(SCORES) >= 8
    assert all(score.needs == Asset.TARGET_LABELS | Asset.PRETRAINED for score in SCORES)


@every
def test_the_further_apart_the_better(score: RepresentationScore, encoded, blobs) -> None:
    """Orientation: classes 3 deviations apart beat classes 0.7 apart, and these beat no difference at all."""
    values = [score.estimate(*encoded(*blobs(240, spread), 3), Context(seed=0)) for spread in (0.0, 0.7, 3.0)]
    assert values[0] < values[1] < values[2]
    assert score.higher_is_better


@every
def test_a_class_without_rows_changes_nothing(score: RepresentationScore, encoded, blobs) -> None:
    """Labels {0, 1, 2} of 3 declared classes, and {0, 2, 5} of 6, are the same partition of the rows."""
    X, y = blobs(90, 1.0)
    few = score.estimate(*encoded(X, y, 3), Context(seed=0))
    assert score.estimate(*encoded(X, np.array([0, 2, 5])[y], 6), Context(seed=0)) == pytest.approx(few)


@every
def test_the_order_of_rows_does_not_matter(score: RepresentationScore, encoded, blobs) -> None:
    """A score of a set of rows: equal for permuted rows, up to the lot by which folds and clusters begin."""
    X, y = blobs(240, 3.0)
    order = np.random.default_rng(1).permutation(len(X))
    expected = score.estimate(*encoded(X, y, 3), Context(seed=0))
    assert score.estimate(*encoded(X[order], y[order], 3), Context(seed=0)) == pytest.approx(expected, abs=0.05)


@every
def test_the_sources_rows_do_not_matter(score: RepresentationScore, encoded, blobs) -> None:
    """A source that brings rows beside its encoder has the score of the encoder."""
    task, source = encoded(*blobs(90, 1.0), 3)
    richer = replace(source, data=task.train.take(np.arange(10)))
    assert score.estimate(task, richer, Context(seed=0)) == score.estimate(task, source, Context(seed=0))


@every
def test_at_most_cap_rows_are_looked_at(score: RepresentationScore, encoded, blobs) -> None:
    """The value under a cap is that of some rows: another seed, other rows, another value."""
    task, source = encoded(*blobs(300, 1.0), 3)
    capped = replace(score, cap=60)
    values = {capped.estimate(task, source, Context(seed=seed)) for seed in range(4)}
    assert len(values) > 1
    assert all(math.isfinite(value) for value in values)


@pytest.mark.parametrize("shape", [(40, 7), (9, 20)], ids=["tall", "wide"])
def test_leading_components(shape: tuple[int, int]) -> None:
    """Principal components as scikit-learn gives them, signs included."""
    X = np.random.default_rng(0).normal(size=shape) * np.linspace(1, 3, shape[1])
    expected = PCA(5).fit_transform(X)
    np.testing.assert_allclose(leading_components(X, 5), expected, atol=1e-9)
