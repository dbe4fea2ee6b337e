"""How the classes of a source depend on those of the target, from what the source's classifier says of target rows."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array
from autotransfer.learners import Linear

PENALTIES = (1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2)
"""Of the regression from source probabilities to target classes, against the sum of losses."""
_FOLDS = 3
_SCALES = np.geomspace(0.1, 10.0, 41)


def learned(scores: Array, y: Array, n_classes: int, seed: int) -> Array:
    """p(source class | target class), float64 of shape (n_classes, k), rows summing to 1.

    The "reverse approach" of You et al., NeurIPS 2020, algorithm 1: logistic regression from the source's
    probabilities to the target's classes gives p(target class | source class), its scores scaled to be calibrated on
    rows that it has not seen, and Bayes' rule with the mean of the source's probabilities gives the rest. Where the
    authors use validation rows, three folds of the training rows serve; their fixed temperature for ImageNet's scores
    is left out.

    :param scores: (n, k) of the source's classifier. :param y: (n,).
    """
    probabilities = softmax(np.asarray(scores, np.float64))
    marginal = probabilities.mean(axis=0)
    present = np.unique(y)
    relation = np.tile(marginal, (n_classes, 1))
    if len(present) > 1:
        penalty, scale = _chosen(probabilities, y, n_classes, seed)
        alone = _scores(np.eye(len(marginal)), probabilities, y, penalty, n_classes, seed)
        target_given_source = softmax(scale * alone)
        relation[present] = (target_given_source * marginal[:, None]).T[present]
    return np.asarray(relation / relation.sum(axis=1, keepdims=True))


def softmax(scores: Array) -> Array:
    """Row by row."""
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _scores(rows: Array, X: Array, y: Array, penalty: float, n_classes: int, seed: int) -> Array:
    """Logarithms of the probabilities of target classes for rows of source probabilities; tiny for absent classes."""
    found = Linear(penalty).fit(X, y, n_classes=n_classes, seed=seed)
    return np.asarray(np.log(np.maximum(found.predict_features(rows), 1e-12)))


def _chosen(X: Array, y: Array, n_classes: int, seed: int) -> tuple[float, float]:
    """The penalty with the best accuracy on rows left out, and the scale with the best likelihood there."""
    folds = np.random.default_rng(seed).permutation(len(y)) % min(_FOLDS, len(y))

    def held_out(penalty: float) -> Array:
        found = np.zeros((len(y), n_classes))
        for fold in np.unique(folds):
            train, rest = folds != fold, folds == fold
            found[rest] = _scores(X[rest], X[train], y[train], penalty, n_classes, seed)
        return found

    scores = {penalty: held_out(penalty) for penalty in PENALTIES}
    best = max(scores, key=lambda penalty: float(np.mean(scores[penalty].argmax(axis=1) == y)))
    losses = [-np.log(softmax(scale * scores[best])[np.arange(len(y)), y] + 1e-300).mean() for scale in _SCALES]
    return best, float(_SCALES[int(np.argmin(losses))])
