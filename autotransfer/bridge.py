"""What connects the language of the sources with the target's, and what counts as a word in either."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array

_WORD = re.compile(r"[\w\u0300-\u036f]+|[\u2600-\u27bf\U0001f000-\U0001faff]")


def words(text: str) -> list[str]:
    """Runs of letters, digits and underscores, accents composed (Unicode NFC) and lower case; pictographs one by one,
    since every language writes them alike."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def no_pairs() -> Array:
    """An empty (0, 2)."""
    return np.empty((0, 2), dtype=object)


@dataclass(frozen=True, eq=False)
class Bridge:
    """Translations, the source's language first.

    :param sentences: object (n, 2) of str: sentences that mean the same.
    :param words: object (m, 2) of str: words that mean the same.
    :param translated: source row -> what the translator command of the user made of it.
    """

    sentences: Array = field(default_factory=no_pairs)
    words: Array = field(default_factory=no_pairs)
    translated: Mapping[str, str] = field(default_factory=dict)

    def offers(self) -> Asset:
        """Assets on the table through it."""
        found = Asset.NONE
        if len(self.sentences):
            found |= Asset.PARALLEL | Asset.DICTIONARY
        if len(self.words):
            found |= Asset.DICTIONARY
        if self.translated:
            found |= Asset.TRANSLATOR
        return found
