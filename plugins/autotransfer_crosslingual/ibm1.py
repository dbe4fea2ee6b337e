"""Word translation probabilities from parallel sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from autotransfer.data import Array
from autotransfer_crosslingual.vocabulary import Vocabulary

ROUNDS = 5
_NULL = 1
"""An empty word before every source sentence, for words that nothing there gives rise to."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Every pair of words in a pair of sentences.

    :param kind: (N,) which pair of words, numbered. :param position: (N,) which running target word, numbered.
    :param given: (n_kinds,) source word of each kind, 0 for the empty one. :param word: (n_kinds,) its target word.
    """

    kind: Array
    position: Array
    given: Array
    word: Array


def translation_table(
    source: Sequence[str], target: Sequence[str], there: Vocabulary, here: Vocabulary, rounds: int = ROUNDS
) -> sparse.csr_matrix:
    """Brown, Della Pietra, Della Pietra and Mercer, "The mathematics of statistical machine translation",
    Computational Linguistics 19(2), 1993, Model 1: t(target word | source word), by expectation maximisation from equal
    probabilities, with an empty source word.

    :param source: n sentences; ``target``: their translations. Words outside of the vocabularies are passed over.
    :returns: (len(there), len(here)); rows of words that occur sum to 1.
    """
    cells = paired(source, target, there, here)
    t = maximised(cells, np.ones(len(cells.given)), len(there) + _NULL, rounds)
    shape = (len(there) + _NULL, len(here))
    return sparse.csr_matrix((t, (cells.given, cells.word)), shape=shape)[_NULL:]


def paired(source: Sequence[str], target: Sequence[str], there: Vocabulary, here: Vocabulary) -> Cells:
    """The cells of all sentences."""
    given, word, position, before = [], [], [], 0
    for left, right in zip(source, target, strict=True):
        a = np.append(_NULL + _known(there, left), 0)
        b = _known(here, right)
        given.append(np.tile(a, len(b)))
        word.append(np.repeat(b, len(a)))
        position.append(np.repeat(np.arange(len(b)) + before, len(a)))
        before += len(b)
    a, b, where = (np.concatenate(part) if part else np.empty(0, np.int64) for part in (given, word, position))
    kinds, kind = np.unique(a * max(len(here), 1) + b, return_inverse=True)
    return Cells(kind, where, kinds // max(len(here), 1), kinds % max(len(here), 1))


def maximised(cells: Cells, t: Array, n_given: int, rounds: int) -> Array:
    """t of each kind of pair after so many rounds."""
    for _ in range(rounds):
        share = t[cells.kind]
        share = share / np.bincount(cells.position, share)[cells.position] if len(share) else share
        expected = np.bincount(cells.kind, share, len(t))
        t = expected / np.bincount(cells.given, expected, n_given)[cells.given] if len(t) else t
    return t


def _known(vocabulary: Vocabulary, text: str) -> Array:
    places, _ = vocabulary.running([text])
    return places[places >= 0]
