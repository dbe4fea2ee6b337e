"""Descriptors of a target and of a source that cost no look at the inputs: counts, widths, label shares."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from autotransfer.data import Dataset, Modality
from autotransfer.experience.row import finite
from autotransfer.problem import Problem
from autotransfer.task import Source

POOL, ROWS, ENCODER = "pool", "rows", "encoder"
"""Kinds of sources."""


def about(problem: Problem, source: Source) -> dict[str, float]:
    """Of the target: ``target_rows``, ``unlabeled``, ``classes`` (0 for values), ``rows_per_class``, ``imbalance``
    (1 minus the normalised entropy of the labels: 0 where all classes are equally frequent), ``width``. Of the source:
    ``source_rows``, ``source_domains`` and ``size_ratio``, its rows for each labelled row of the target."""
    target = problem.target
    classes = 0 if problem.classes is None else len(problem.classes)
    n = problem.n_labeled
    found: dict[str, float] = {
        "target_rows": n,
        "unlabeled": 0 if problem.unlabeled is None else len(problem.unlabeled),
        "classes": classes,
        "rows_per_class": n / max(classes, 1),
        "imbalance": _imbalance(problem),
        "width": _width(target),
    }
    if source.data is not None:
        found |= {
            "source_rows": len(source.data),
            "source_domains": 1 if source.data.domain is None else len(np.unique(source.data.domain)),
            "size_ratio": len(source.data) / max(n, 1),
        }
    return {name: float(value) for name, value in found.items() if finite(float(value)) is not None}


def kind(source: Source) -> str:
    """What sort of source it is: methods do unlike with each."""
    if source.encoder is not None:
        return ENCODER
    return POOL if source.data is not None and source.data.domain is not None else ROWS


def known(estimates: Mapping[str, float | None]) -> dict[str, float]:
    """Estimates that have a value."""
    return {name: value for name, value in estimates.items() if value is not None and finite(value) is not None}


def _imbalance(problem: Problem) -> float:
    if problem.is_regression or not problem.n_labeled:
        return np.nan
    shares = problem.class_counts() / problem.n_labeled
    seen = shares[shares > 0]
    if len(shares) < 2:
        return np.nan
    return 1.0 + float(np.sum(seen * np.log(seen)) / np.log(len(shares)))


def _width(data: Dataset) -> float:
    """Columns of a table or of feature vectors; NaN for texts and images, whose width is the encoder's."""
    if isinstance(data.inputs, pd.DataFrame):
        return len(data.inputs.columns)
    return data.inputs.shape[1] if data.modality is Modality.FEATURES else np.nan
