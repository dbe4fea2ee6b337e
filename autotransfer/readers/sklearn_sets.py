"""``sklearn:NAME``: data sets that come with scikit-learn."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.problem import RawData, ReadOptions
from autotransfer.readers.files import near_names

PREFIX = "sklearn:"
NAMES = ("breast_cancer", "diabetes", "digits", "iris", "wine")


def read(uri: str, options: ReadOptions) -> RawData | None:
    """Tables, except ``digits``: 8 × 8 images as 64 features. Raises ``InputError`` for unknown names."""
    if not uri.startswith(PREFIX):
        return None
    name = uri.removeprefix(PREFIX)
    if name not in NAMES:
        raise InputError(f"{uri}: no such scikit-learn data set here; {near_names(name, list(NAMES))}")
    from sklearn import datasets

    bunch = getattr(datasets, f"load_{name}")(as_frame=True)
    table = bunch.data.astype(np.float64) + 0.0
    classes = None if name == "diabetes" else tuple(str(label) for label in bunch.target_names)
    target = bunch.target.to_numpy()
    labels = target.astype(np.float64) if classes is None else np.array([classes[i] for i in target], dtype=object)
    if name == "digits":
        return RawData(name, Modality.FEATURES, table.to_numpy(np.float32), labels, classes)
    return RawData(name, Modality.TABLE, table, labels, classes)
