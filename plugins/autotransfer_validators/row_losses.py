"""Losses of held-out source rows in the run's metric."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array
from autotransfer.validator import LabelFree


def row_losses(evidence: LabelFree) -> Array:
    """(v,), at least 0, zero for a perfect prediction: 1 - hit for accuracy, else the metric's own loss."""
    return _best(evidence) - evidence.metric.rows(evidence.held.labels, evidence.held_predictions)


def as_score(evidence: LabelFree, risk: float) -> float:
    """A mean of :func:`row_losses` as the metric's score, larger is better."""
    return float(evidence.metric.finish(np.asarray(_best(evidence) - risk)))


def _best(evidence: LabelFree) -> float:
    """What a perfect row scores."""
    return 1.0 if evidence.metric.greater_is_better else 0.0
