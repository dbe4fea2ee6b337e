"""From texts in one language to features that both languages share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, final

import numpy as np
from scipy import sparse

from autotransfer.data import Array
from autotransfer.state import State
from autotransfer_crosslingual.embedding import unit
from autotransfer_crosslingual.vocabulary import Vocabulary


@final
@dataclass(frozen=True, eq=False)
class Reader:
    """TF-IDF weights of the terms that words stand for, or the mean of the terms' vectors, so weighted; of length 1.

    :param to: int (n_words,): the term that a word stands for, -1: none. None: words are the terms.
    :param idf: (n_terms,). :param vectors: (n_terms, k), or None.
    :param translated: text -> what is read in its place.
    """

    vocabulary: Vocabulary
    idf: Array
    to: Array | None = None
    vectors: Array | None = None
    translated: Mapping[str, str] | None = None

    def features(self, texts: Sequence[str]) -> Array:
        """(n, k), or (n, n_terms), float64."""
        if self.translated is not None:
            texts = [self.translated.get(text, text) for text in texts]
        weights = weighted(self.terms(texts), self.idf)
        return unit(np.asarray(weights.toarray() if self.vectors is None else weights @ self.vectors))

    def terms(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Counts (n, n_terms)."""
        counts = self.vocabulary.counts(texts)
        if self.to is None:
            return counts
        known = np.flatnonzero(self.to >= 0)
        shape = (len(self.to), len(self.idf))
        return (counts @ sparse.csr_matrix((np.ones(len(known)), (known, self.to[known])), shape=shape)).tocsr()

    def state(self) -> State:
        """All but the translations, which are of source rows alone."""
        return {"words": list(self.vocabulary.words), "idf": self.idf, "to": self.to, "vectors": self.vectors}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        to, vectors = state["to"], state["vectors"]
        return cls(
            Vocabulary(tuple(str(word) for word in state["words"])),
            np.asarray(state["idf"], np.float64),
            None if to is None else np.asarray(to, np.int64),
            None if vectors is None else np.asarray(vectors, np.float64),
        )


def weighted(counts: sparse.csr_matrix, idf: Array) -> sparse.csr_matrix:
    """(1 + log count) idf of each entry."""
    found = counts.tocsr().copy()
    found.sum_duplicates()
    found.data = (1 + np.log(found.data)) * idf[found.indices]
    return found


def inverse_frequencies(counts: sparse.csr_matrix) -> Array:
    """1 + log((1 + n) / (1 + rows with the term)), (n_terms,)."""
    rows = np.bincount(counts.tocsr().indices, minlength=counts.shape[1])
    return np.asarray(1 + np.log((1 + counts.shape[0]) / (1 + rows)))
