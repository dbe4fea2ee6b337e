"""A dictionary of words out of everything that the bridge holds."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from autotransfer.bridge import Bridge, words
from autotransfer.data import Array
from autotransfer_crosslingual.ibm1 import translation_table
from autotransfer_crosslingual.vocabulary import Vocabulary

_MOST_SENTENCES = 20_000
_MOST_WORDS = 20_000


@lru_cache(maxsize=8)
def lexicon(bridge: Bridge, *, back: bool) -> dict[str, str]:
    """Source word -> target word, or the other way round if ``back``: the entry of the given dictionary, else the most
    probable translation by IBM Model 1. Of several entries for a word the first counts."""
    found = _learned(bridge, back=back)
    given = [(entry[back], entry[not back]) for entry in _entries(bridge)]
    return found | dict(reversed(given))


@lru_cache(maxsize=8)
def mutual_pairs(bridge: Bridge) -> tuple[tuple[str, str], ...]:
    """Pairs of words that the given dictionary holds, and those that are each other's most probable translation."""
    there, back = (_learned(bridge, back=way) for way in (False, True))
    learned = [(word, other) for word, other in there.items() if back.get(other) == word]
    return tuple(dict.fromkeys((*_entries(bridge), *learned)))


def _entries(bridge: Bridge) -> list[tuple[str, str]]:
    """Entries of one word on either side."""
    split = [(words(left), words(right)) for left, right in bridge.words]
    return [(left[0], right[0]) for left, right in split if len(left) == len(right) == 1]


@lru_cache(maxsize=16)
def _learned(bridge: Bridge, *, back: bool) -> dict[str, str]:
    pairs = some_sentences(bridge)
    left, right = ([str(text) for text in pairs[:, side]] for side in ((1, 0) if back else (0, 1)))
    there, here = (Vocabulary.of(texts, _MOST_WORDS) for texts in (left, right))
    if not len(there) or not len(here):
        return {}
    table = translation_table(left, right, there, here)
    best = np.asarray(table.argmax(axis=1)).ravel()
    known = np.diff(table.indptr) > 0
    return {there.words[n]: here.words[best[n]] for n in np.flatnonzero(known)}


def some_sentences(bridge: Bridge) -> Array:
    """Its parallel sentences, evenly spaced ones of very many."""
    pairs = bridge.sentences
    if len(pairs) <= _MOST_SENTENCES:
        return pairs
    return np.asarray(pairs[np.linspace(0, len(pairs) - 1, _MOST_SENTENCES).astype(np.int64)])
