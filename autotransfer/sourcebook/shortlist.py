"""The sources of a book that are likest to a target.

The score is the mean over the target's classes of the cosine to the source's nearest class: MaxSim of Khattab and
Zaharia, "ColBERT", SIGIR 2020 (arXiv:2004.12832), with classes for tokens. It asks whether the source has something for
every class of the target; what else the source has does not count against it.

All sources are scored in the coarse space by exact products of matrices, a block at a time, and the best of them again
in the full one. There is no index, because 100,000 sources take a fraction of a second without
(``python -m benchmarks selector``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from autotransfer.data import Array
from autotransfer.sourcebook.book import Book
from autotransfer.sourcebook.sketch import Sketch

KEPT, RETRIEVED = 20, 1000
_BLOCK = 1 << 16


@final
@dataclass(frozen=True)
class Listed:
    """:param name: what to open. :param score: mean cosine, -1 to 1; 1: it has every class of the target."""

    name: str
    score: float


def shortlist(book: Book, target: Sketch, kept: int = KEPT, retrieved: int = RETRIEVED) -> tuple[Listed, ...]:
    """The ``kept`` best sources, the best in front; ``retrieved`` of them are scored in the full space."""
    ours = book.unit(target.means)
    rough = _scores(book.coarse, book.offsets, book.project(ours), target.shares)
    some = np.sort(_best(rough, max(kept, retrieved)))
    first, last = book.offsets[some], book.offsets[some + 1]
    rows = np.concatenate([np.arange(a, b) for a, b in zip(first.tolist(), last.tolist(), strict=True)])
    offsets = np.concatenate([[0], np.cumsum(last - first)])
    scores = _scores(np.asarray(book.fine[rows], dtype=np.float32), offsets, ours, target.shares)
    return tuple(Listed(book.names[some[place]], float(scores[place])) for place in _best(scores, kept))


def _scores(vectors: Array, offsets: Array, ours: Array, shares: Array) -> Array:
    """(n,) scores of the sources whose vectors lie between ``offsets``; what a damaged book makes NaN is the worst."""
    found = np.empty(len(offsets) - 1, dtype=np.float32)
    start = 0
    while start < len(found):
        stop = max(int(np.searchsorted(offsets, offsets[start] + _BLOCK, side="right")) - 1, start + 1)
        block = vectors[offsets[start] : offsets[stop]] @ ours.T
        nearest = np.maximum.reduceat(block, offsets[start:stop] - offsets[start], axis=0)
        found[start:stop] = nearest @ shares.astype(np.float32)
        start = stop
    return np.clip(np.nan_to_num(found, nan=-1.0), -1.0, 1.0)


def _best(scores: Array, count: int) -> Array:
    """Positions of the largest scores, descending; the earlier of two equal ones first."""
    if count < len(scores):
        least = np.partition(scores, len(scores) - count)[len(scores) - count]
        some = np.flatnonzero(scores >= least)
    else:
        some = np.arange(len(scores))
    return np.asarray(some[np.argsort(-scores[some], kind="stable")][:count])
