"""Boosted trees on features and base rates: small ones, which learn in a tenth of a second from 5,000 rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from autotransfer.data import Array

_TARGETS = 15
"""With fewer of them a tree that splits by a feature splits by target."""
_ROUNDS, _LEAVES, _RATE, _LEAST = 50, 8, 0.1, 20


def enough(targets: Array) -> bool:
    """Whether there are enough different targets (n,) for trees."""
    return len(np.unique(targets)) >= _TARGETS


def fit_trees(columns: Array, outcome: Array, *, classes: bool = False) -> Any:
    """scikit-learn's histogram gradient boosting; unknown features (NaN) go where they fit best. What is unknown of
    every arm has no bins there, and is left aside.

    :param classes: whether ``outcome`` is 0 or 1 and log odds are wanted.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind = HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor
    model = kind(
        max_iter=_ROUNDS,
        max_leaf_nodes=_LEAVES,
        learning_rate=_RATE,
        min_samples_leaf=_LEAST,
        early_stopping=False,
        random_state=0,
    )
    return model.fit(np.where(np.isnan(columns).all(axis=0), 0.0, columns), outcome)


def values(model: Any, columns: Array) -> Array:
    """(n,) predictions; log odds of a model of classes."""
    found = model.decision_function(columns) if hasattr(model, "decision_function") else model.predict(columns)
    return np.asarray(found, dtype=np.float64)
