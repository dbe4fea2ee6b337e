"""Alignment and dictionary in turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array
from autotransfer_crosslingual.csls import csls
from autotransfer_crosslingual.procrustes import rotation

_MOST = 3000
"""Words of either side that a dictionary is induced among, the most frequent; the paper's implementations take 10,000
to 20,000 of much larger corpora."""
_GAIN = 1e-6


@dataclass(frozen=True)
class Rounds:
    """:param most: rounds at most. :param mutual: pairs that are each other's nearest by CSLS (Conneau et al., ICLR
    2018), instead of every target word's nearest source word by the cosine (Artetxe et al., ACL 2017)."""

    most: int = 10
    mutual: bool = True


def self_learned(
    X: Array, Y: Array, seeds: Array, rounds: Rounds, check: Callable[[], None] = lambda: None
) -> tuple[Array, Array]:
    """Artetxe, Labaka and Agirre, "Learning bilingual word embeddings with (almost) no bilingual data", ACL 2017
    (aclanthology.org/P17-1042): rotate by the dictionary, take the nearest words for the next dictionary, until their
    mean similarity grows no more.

    :param X: (n, k) of one language. :param Y: (m, k) of the other, both most frequent words first and of length 1.
    :param seeds: int (p, 2), rows of X and of Y. :param check: called between rounds.
    :returns: W, so that X W is near Y, and the last dictionary (p', 2).
    """
    pairs, best = seeds, -np.inf
    W = rotation(X[pairs[:, 0]], Y[pairs[:, 1]])
    few_x, few_y = X[:_MOST], Y[:_MOST]
    for _ in range(rounds.most):
        check()
        similarities = few_x @ W @ few_y.T
        found = induced(similarities, mutual=rounds.mutual)
        if not len(found):
            break
        mean = float(similarities[found[:, 0], found[:, 1]].mean())
        if mean <= best + _GAIN:
            break
        best, pairs = mean, found
        W = rotation(X[pairs[:, 0]], Y[pairs[:, 1]])
    return W, pairs


def induced(similarities: Array, *, mutual: bool) -> Array:
    """The dictionary, int (p, 2), that similarities (n, m) imply; words without a vector are in none."""
    known_x, known_y = (np.abs(similarities).max(axis=axis, initial=0.0) > 0 for axis in (1, 0))
    if not known_x.any():
        return np.empty((0, 2), np.int64)
    if not mutual:
        nearest = similarities.argmax(axis=0)
        return np.asarray(np.column_stack([nearest, np.arange(len(nearest))])[known_y])
    scores = csls(similarities)
    there, back = scores.argmax(axis=1), scores.argmax(axis=0)
    each = np.arange(len(there))
    kept = (back[there] == each) & known_x & known_y[there]
    return np.asarray(np.column_stack([each, there])[kept])
