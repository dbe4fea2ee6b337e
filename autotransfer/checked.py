"""Predictions of a method's model, checked before anything is made of them."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.errors import PluginError
from autotransfer.method import Method
from autotransfer.predictor import Predictor


def predict_checked(method: Method, predictor: Predictor, rows: Dataset, n_classes: int) -> Array:
    """Predictions for ``rows``, whose labels are withheld: probabilities (n, n_classes), or values (n,) where
    ``n_classes`` is 0. Raises ``PluginError`` when their shape is another one or they are not finite."""
    predictions = np.asarray(predictor.predict(rows.without_labels()))
    expected = (len(rows), n_classes) if n_classes else (len(rows),)
    if predictions.shape != expected:
        raise PluginError(f"{method.name}: predictions have shape {predictions.shape}, they must have {expected}")
    if not np.isfinite(predictions).all():
        raise PluginError(f"{method.name}: predictions are not finite; lower its step size or scale its inputs")
    return predictions
