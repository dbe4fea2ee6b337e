"""The protocol of the published tables: all source rows with labels, all target rows without, the same rows scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset, Modality
from autotransfer.learners import Neighbors
from autotransfer.method import Method
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task

NEAREST = Neighbors(k=1)
Predict: TypeAlias = Callable[[Array, Array, Array], Array]
"""Source rows (m, d), their classes (m,), target rows (n, d) -> classes of the target rows (n,)."""
_OFFERS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def fitted(method: Method, S: Array, y: Array, T: Array) -> Predictor:
    """A method, fitted as a run does it."""
    classes = tuple(str(label) for label in range(int(y.max()) + 1))
    here = Dataset("target", Modality.FEATURES, T)
    task = Task(here.take(np.arange(0)), classes, unlabeled=here)
    source = Source("source", _OFFERS, Dataset("source", Modality.FEATURES, S, y), classes)
    return method.fit(task, source, Context(seed=0))


def by(method: Method) -> Predict:
    """What the fitted method says of the target rows."""

    def predict(S: Array, y: Array, T: Array) -> Array:
        found = fitted(method, S, y, T).predict(Dataset("target", Modality.FEATURES, T))
        return np.asarray(found.argmax(axis=1))

    return predict


def nearest(S: Array, y: Array, T: Array) -> Array:
    """1-NN on the rows as they are."""
    return np.asarray(NEAREST.fit(S, y, n_classes=int(y.max()) + 1).predict_features(T).argmax(axis=1))


def principal(dims: int) -> Predict:
    """1-NN on the principal components of both domains together: the tables' PCA."""
    from autotransfer_adaptation.principal import principal_directions

    def predict(S: Array, y: Array, T: Array) -> Array:
        P = principal_directions(np.concatenate([S, T]), dims, seed=0)
        return nearest(S @ P, y, T @ P)

    return predict


def percent(predicted: Array, y: Array) -> float:
    """Accuracy in points, two decimals as the tables have at most."""
    return round(100.0 * float(np.mean(predicted == y)), 2)


def averaged(scores: Mapping[str, float]) -> float:
    """Mean over the pairs."""
    return round(float(np.mean(list(scores.values()))), 2)
