"""Texts as numbers of word pieces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from autotransfer.data import Array

PAD, MASK, UNKNOWN, START = range(4)
"""Numbers before those of the pieces; every text begins with ``START``."""
SPECIALS = 4
INNER = "##"
"""In front of a piece that does not begin a word."""
_WORD = re.compile(r"\w+|[^\w\s]")
_LONGEST = 24  # characters of a word that are looked at
_CHARACTERS = 512


def words(text: str) -> list[str]:
    """Words and punctuation marks in small letters."""
    return [word[:_LONGEST] for word in _WORD.findall(text.lower())]


def learn_pieces(texts: Iterable[str], most: int) -> tuple[str, ...]:
    """A vocabulary: characters, then the words and parts of words that occur most often.

    Simpler than WordPiece (Schuster and Nakajima, ICASSP 2012, doi:10.1109/ICASSP.2012.6289079), which joins pieces by
    likelihood: half of the pieces are whole words, the others beginnings and ends, by how many characters they cover.

    :param most: how many pieces at most.
    """
    counts = Counter(word for text in texts for word in words(text))
    characters: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    for word, count in counts.items():
        for place, character in enumerate(word):
            characters[character if place == 0 else INNER + character] += count
        for cut in range(2, len(word) - 1):
            parts[word[:cut]] += count * cut
            parts[INNER + word[cut:]] += count * (len(word) - cut)
    chosen = dict.fromkeys(_commonest(characters, min(_CHARACTERS, most)))
    chosen |= dict.fromkeys(_commonest(counts, max(0, (most - len(chosen)) // 2)))
    chosen |= dict.fromkeys(_commonest(parts, max(0, most - len(chosen))))
    return tuple(chosen)[:most]


def _commonest(counts: Counter[str], most: int) -> list[str]:
    """Equal counts in the order of the alphabet, so that the same texts give the same pieces."""
    return sorted(counts, key=lambda piece: (-counts[piece], piece))[:most]


def numbers(texts: Sequence[object], pieces: tuple[str, ...], longest: int) -> Array:
    """int64 of shape (n, length), cut after ``longest`` tokens and filled with ``PAD``; a missing text is empty."""
    known = _numbered(pieces)
    rows = [_of_text(text if isinstance(text, str) else "", known, longest) for text in texts]
    found = np.full((len(rows), max((len(row) for row in rows), default=1)), PAD, np.int64)
    for place, row in zip(found, rows, strict=True):
        place[: len(row)] = row
    return found


@lru_cache(maxsize=4)
def _numbered(pieces: tuple[str, ...]) -> dict[str, int]:
    return {piece: number for number, piece in enumerate(pieces, SPECIALS)}


def _of_text(text: str, known: dict[str, int], longest: int) -> list[int]:
    row = [START]
    for word in words(text):
        row += _of_word(word, known)
        if len(row) >= longest:
            break
    return row[:longest]


def _of_word(word: str, known: dict[str, int]) -> list[int]:
    """The longest known piece, again and again; one unknown part makes the whole word unknown, as in BERT."""
    found, start = [], 0
    while start < len(word):
        lead = INNER if start else ""
        end = next((end for end in range(len(word), start, -1) if lead + word[start:end] in known), None)
        if end is None:
            return [UNKNOWN]
        found.append(known[lead + word[start:end]])
        start = end
    return found
