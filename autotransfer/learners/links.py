"""From scores to probabilities."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def probabilities(scores: Array) -> Array:
    """Softmax of (n, m) scores; one column (m = 1) is the logit of the second of two classes. Shape (n, max(m, 2))."""
    if scores.shape[1] == 1:
        second = sigmoid(scores[:, 0])
        return np.column_stack([sigmoid(-scores[:, 0]), second])
    return softmax(scores)


def sigmoid(logits: Array) -> Array:
    """``1 / (1 + exp(-logits))`` without overflow."""
    small = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1.0, small) / (1.0 + small)


def softmax(scores: Array) -> Array:
    """Row-wise softmax without overflow; n = 0 is fine."""
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
