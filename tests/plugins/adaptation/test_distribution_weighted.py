"""The distribution weighted combination of several sources."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from autotransfer_adaptation.distribution_weighted import DistributionWeighted
from autotransfer_adaptation.mixture_predictor import MixturePredictor

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, Source, Task

OFFERS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def _two_sources(share: float) -> tuple[Task, Source, Dataset]:
    """Around -5 the class is x1 > 0, around +5 it is x1 < 0; the target is a mixture of both places."""
    rng = np.random.default_rng(0)

    def draw(n: int, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        X = rng.normal(size=(n, 2))
        X[:, 0] += np.where(place, 5.0, -5.0)
        return X, ((X[:, 1] > 0) != place).astype(int)

    domain = np.repeat([3, 7], [300, 100])
    S, ys = draw(400, domain == 7)
    T, yt = draw(500, rng.random(500) < share)
    source = Source("s", OFFERS, Dataset("s", Modality.FEATURES, S, ys, domain), ("a", "b"))
    task = Task(
        Dataset("t", Modality.FEATURES, T[:0], yt[:0]), ("a", "b"), unlabeled=Dataset("u", Modality.FEATURES, T)
    )
    return task, source, Dataset("test", Modality.FEATURES, T, yt)


def test_every_model_answers_where_its_source_lives() -> None:
    """Neither source alone, nor one line for both, knows the target; the combination does."""
    task, source, test = _two_sources(0.5)
    fitted = DistributionWeighted().fit(task, source, Context(seed=0))
    assert np.mean(fitted.predict(test).argmax(axis=1) == test.labels) > 0.95
    for learner in fitted.learners:
        assert np.mean(learner.predict_features(test.X).argmax(axis=1) == test.labels) < 0.7


def test_mixture_weights_are_the_targets_and_not_the_sizes() -> None:
    """Sizes are 3 : 1; the target is 1 : 9, then wholly of the first source."""
    for share in (0.9, 0.0):
        task, source, _ = _two_sources(share)
        fitted = DistributionWeighted().fit(task, source, Context(seed=0))
        weights = fitted.ratios * [0.75, 0.25]
        np.testing.assert_allclose(weights, [1 - share, share], atol=0.05)


def test_formula() -> None:
    """sum_k lambda_k D_k h_k / sum_k lambda_k D_k with D_k = P(k | x) / P(k), written out."""
    task, source, test = _two_sources(0.3)
    fitted = DistributionWeighted(gate_l2=100.0).fit(task, source, Context(seed=0))
    assert isinstance(fitted, MixturePredictor)
    shares = fitted.gate.predict_features(test.X) * fitted.ratios
    answers = [learner.predict_features(test.X) for learner in fitted.learners]
    expected = (shares[:, :1] * answers[0] + shares[:, 1:] * answers[1]) / shares.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(fitted.predict(test), expected, atol=1e-6)


def test_a_single_source_is_its_own_model() -> None:
    """Without a domain column: plain training on the source."""
    task, source, test = _two_sources(0.5)
    alone = replace(source, data=replace(source.rows, domain=None))
    fitted = DistributionWeighted().fit(task, alone, Context(seed=0))
    expected = DistributionWeighted().learner.fit(source.rows.X, source.rows.labels, n_classes=2)
    np.testing.assert_allclose(fitted.predict(test), expected.predict_features(test.X), atol=1e-6)


def test_values_are_mixed_too() -> None:
    """y = x1 of one source, -x1 of the other."""
    task, source, test = _two_sources(0.5)
    y = np.where(source.rows.domain == 3, 1.0, -1.0) * source.rows.X[:, 1]
    values = replace(source, data=replace(source.rows, y=y), classes=None)
    fitted = DistributionWeighted().fit(replace(task, classes=None), values, Context(seed=0))
    expected = np.where(test.X[:, 0] < 0, 1.0, -1.0) * test.X[:, 1]
    assert np.mean((fitted.predict(test) - expected) ** 2) < 0.01
