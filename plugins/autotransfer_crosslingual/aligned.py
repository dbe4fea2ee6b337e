"""What methods have in common that learn word vectors of each language by itself and bring them together afterwards."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.task import Context, Source, Task
from autotransfer_crosslingual.bilingual import NEEDS, USES, Bilingual
from autotransfer_crosslingual.embedding import Ppmi, WordVectors, word_vectors
from autotransfer_crosslingual.reader import Reader, inverse_frequencies
from autotransfer_crosslingual.seeds import seed_pairs
from autotransfer_crosslingual.vocabulary import texts_of

_LITTLE = 0.1
"""Of the target's other texts: so few labelled ones are left out of what its vectors learn from, and the same vectors
serve every fold."""


@dataclass(frozen=True)
class Aligned(Bilingual):
    """Vectors by :class:`Ppmi`, a text being the mean of its words' by TF-IDF (as in Klementiev, Titov and Bhattarai,
    COLING 2012, aclanthology.org/C12-1089). Words that mean the same are told by the dictionary, by parallel sentences
    (IBM Model 1, both ways), and by equal spelling.

    :param width: numbers a word. :param window: words to either side that a word's vector is learned from.
    """

    width: int = 100
    window: int = 5

    needs: ClassVar[Asset] = NEEDS
    uses: ClassVar[Asset] = USES | Asset.DICTIONARY

    @abstractmethod
    def align(self, X: Array, Y: Array, seeds: Array, ctx: Context) -> tuple[Array, Array]:
        """Vectors of both languages in one space, from those of each and int (p, 2) pairs of words."""

    def readers(self, task: Task, source: Source, ctx: Context) -> tuple[Reader, Reader]:
        """Vectors, seeds, alignment."""
        how = Ppmi(self.width, self.window)
        left, right = language_texts(task, source)
        there = word_vectors(left, how)
        if not right:  # no text of the target's language: only words that are written alike can be known
            return (reader_of(there, there.vectors, left),) * 2
        here = word_vectors(right, how)
        ctx.check_time()
        seeds = seed_pairs(task.bridge, there.vocabulary, here.vocabulary)
        X, Y = self.align(*padded(there, here), seeds, ctx)
        return reader_of(there, X, left), reader_of(here, Y, right)


def language_texts(task: Task, source: Source) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All texts there are in the source's language and in the target's."""
    bridge = task.bridge
    sides = ((), ()) if bridge is None else tuple(tuple(str(t) for t in bridge.sentences[:, n]) for n in (0, 1))
    labelled, more = texts_of(task.train), (*texts_of(task.unlabeled), *sides[1])
    right = more if len(labelled) <= _LITTLE * len(more) else (*labelled, *more)
    return (*texts_of(source.rows), *sides[0]), right


def padded(there: WordVectors, here: WordVectors) -> tuple[Array, Array]:
    """Both with as many columns as the wider one: few words span few directions."""
    wide = max(there.vectors.shape[1], here.vectors.shape[1])
    X, Y = (np.pad(part.vectors, ((0, 0), (0, wide - part.vectors.shape[1]))) for part in (there, here))
    return X, Y


def reader_of(known: WordVectors, vectors: Array, texts: tuple[str, ...]) -> Reader:
    """Of a language whose vectors were aligned."""
    return Reader(known.vocabulary, inverse_frequencies(known.vocabulary.counts(texts)), vectors=vectors)
