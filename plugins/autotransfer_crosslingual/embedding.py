"""Vectors of words, learned from texts in one language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from autotransfer.data import Array
from autotransfer_crosslingual.cooccurrence import cooccurrences, positive_pmi
from autotransfer_crosslingual.factors import leading_factors
from autotransfer_crosslingual.vocabulary import Vocabulary

MOST_WORDS = 10_000


@dataclass(frozen=True)
class Ppmi:
    """Levy and Goldberg, "Neural word embedding as implicit matrix factorization", NIPS 2014; with context smoothing
    and weighted singular values by Levy, Goldberg and Dagan, TACL 2015 (aclanthology.org/Q15-1016): U s^p of the
    positive pointwise mutual information of words within a window.

    :param width: numbers a word. :param window: words to either side. :param power: p of the singular values.
    :param least: occurrences that a word needs.
    """

    width: int = 100
    window: int = 5
    power: float = 0.5
    least: int = 2


@dataclass(frozen=True, eq=False)
class WordVectors:
    """:param vectors: (n_words, k), of length 1, centred, and of length 1 again (Artetxe, Labaka and Agirre, EMNLP
    2016); words without any context have zeros."""

    vocabulary: Vocabulary
    vectors: Array


@lru_cache(maxsize=16)
def word_vectors(texts: tuple[str, ...], how: Ppmi) -> WordVectors:
    """Learned from these texts; remembered, since trials and folds ask for the same ones."""
    vocabulary = Vocabulary.of(texts, MOST_WORDS, how.least)
    counts = cooccurrences(*vocabulary.running(texts), len(vocabulary), how.window)
    U, s, _ = leading_factors(positive_pmi(counts), how.width)
    return WordVectors(vocabulary, normalised(U * s**how.power))


def normalised(vectors: Array) -> Array:
    """Rows of length 1, centred, of length 1; zeros stay zeros."""
    known = np.abs(vectors).max(axis=1, initial=0.0) > 0
    found = unit(vectors)
    if known.any():
        found[known] -= found[known].mean(axis=0)
    return unit(found)


def unit(vectors: Array) -> Array:
    """Rows of length 1; zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 1e-12, lengths, 1.0))
