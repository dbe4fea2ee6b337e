"""TF-IDF over hashed n-grams: the terms found in most training rows, weighted. Shared by the text encoders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, Self

import numpy as np
from scipy import sparse

from autotransfer.data import Array, Dataset
from autotransfer.encoders.count_memo import CountMemo
from autotransfer.encoders.ngrams import BUCKETS, count_characters, count_words
from autotransfer.state import State

Grams = Literal["words", "characters"]


@cache
def _counter(grams: Grams) -> CountMemo:
    return CountMemo(count_words if grams == "words" else count_characters)


@dataclass(frozen=True, eq=False)
class TermWeights:
    """Chosen terms (hash buckets, ascending) and their inverse document frequencies, both of shape (d,), d >= 1."""

    grams: Grams
    buckets: Array
    idf: Array

    @classmethod
    def of(cls, grams: Grams, data: Dataset, max_features: int) -> Self:
        """The ``max_features`` terms that stand in most rows; ``idf = 1 + log((1 + n) / (1 + rows with the term))``."""
        found = np.bincount(_counter(grams)(_texts(data)).indices, minlength=BUCKETS)
        terms = np.flatnonzero(found)
        most_frequent = terms[np.argsort(-found[terms], kind="stable")[:max_features]]
        buckets = np.sort(most_frequent) if len(most_frequent) else np.zeros(1, np.int64)
        return cls(grams, buckets, 1 + np.log((1 + len(data)) / (1 + found[buckets])))

    def apply(self, data: Dataset) -> sparse.csr_matrix:
        """Float32 weights ``(1 + log count) * idf`` of shape (n, d), each row of Euclidean length 1, or 0."""
        counts = _counter(self.grams)(_texts(data))
        column = np.full(BUCKETS, -1, np.int32)
        column[self.buckets] = np.arange(len(self.buckets))
        columns = column[counts.indices]
        kept = columns >= 0
        columns = columns[kept]
        row = np.repeat(np.arange(len(data)), np.diff(counts.indptr))[kept]
        weights = (1 + np.log(counts.data[kept])) * self.idf[columns]
        weights /= np.sqrt(np.bincount(row, weights**2, minlength=len(data)))[row]
        ends = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(data)))])
        return sparse.csr_matrix((weights.astype(np.float32), columns, ends), shape=(len(data), len(self.buckets)))

    def state(self) -> State:
        """Terms and frequencies."""
        return {"buckets": self.buckets, "idf": self.idf}

    @classmethod
    def restore(cls, grams: Grams, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(grams, np.asarray(state["buckets"], np.int64), np.asarray(state["idf"], np.float64))


def _texts(data: Dataset) -> Sequence[str]:
    return [text if isinstance(text, str) else "" for text in np.asarray(data.inputs, dtype=object)]
