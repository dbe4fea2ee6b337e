"""Which words are known, and how often they stand in texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy import sparse

from autotransfer.bridge import words
from autotransfer.data import Array, Dataset


@lru_cache(maxsize=100_000)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a text; folds and trials ask for the same texts again and again."""
    return tuple(words(text))


def texts_of(*parts: Dataset | None) -> tuple[str, ...]:
    """All rows of text data sets, in order."""
    return tuple(str(text) for part in parts if part is not None for text in np.asarray(part.inputs, dtype=object))


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """:param words: each once, the most frequent first."""

    words: tuple[str, ...]
    _index: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {word: place for place, word in enumerate(self.words)})

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self._index

    @classmethod
    def of(cls, texts: Iterable[str], most: int, least: int = 1) -> Vocabulary:
        """The ``most`` frequent words that occur ``least`` times; equally frequent ones by the alphabet."""
        count = Counter(word for text in texts for word in tokens(text))
        known = sorted((word for word, n in count.items() if n >= least), key=lambda word: (-count[word], word))
        return cls(tuple(known[:most]))

    def place(self, word: str) -> int:
        """Where it stands; -1 for unknown words."""
        return self._index.get(word, -1)

    def running(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """All words of all texts in order, as places (-1: unknown) and the text that each stands in, both (N,)."""
        place = self._index.get
        found = [[place(word, -1) for word in tokens(text)] for text in texts]
        owners = np.repeat(np.arange(len(texts)), [len(row) for row in found])
        return np.array([one for row in found for one in row], np.int64), owners

    def counts(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """(n, len(self)) float64."""
        places, owners = self.running(texts)
        known = places >= 0
        shape = (len(texts), len(self))
        return sparse.csr_matrix((np.ones(known.sum()), (owners[known], places[known])), shape=shape)
