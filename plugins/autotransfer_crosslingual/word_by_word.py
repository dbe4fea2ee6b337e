"""Readers of a language that is translated word by word, and of the one that it is translated to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from autotransfer_crosslingual.reader import Reader, inverse_frequencies
from autotransfer_crosslingual.vocabulary import Vocabulary, tokens

MOST_TERMS = 2000
_MOST_WORDS = 50_000


def translated(text: str, lexicon: Mapping[str, str]) -> str:
    """Each word in place of its translation, where there is one."""
    return " ".join(lexicon.get(word, word) for word in tokens(text))


def both_readers(
    foreign: Sequence[str], own: Sequence[str], lexicon: Mapping[str, str], terms: int
) -> tuple[Reader, Reader]:
    """Of the language whose words are replaced, and of the one that the terms are words of.

    The reader of the former knows every word that the lexicon knows, so that rows may bring words that no training row
    has.

    :param terms: words of the latter, the most frequent in its texts and in the translations.
    """
    texts = [*own, *(translated(text, lexicon) for text in foreign)]
    known = Vocabulary.of(texts, terms)
    idf = inverse_frequencies(known.counts(texts))
    words = Vocabulary(tuple(dict.fromkeys((*lexicon, *known.words)))[:_MOST_WORDS])
    to = np.array([known.place(lexicon.get(word, word)) for word in words.words], np.int64)
    return Reader(words, idf, to), Reader(known, idf)
