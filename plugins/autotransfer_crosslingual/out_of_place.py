"""Ranks of frequent character n-grams compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, final

from autotransfer.task import Context, Source, Task
from autotransfer_crosslingual.likeness import Likeness
from autotransfer_crosslingual.vocabulary import tokens

_LONGEST = 5


@final
@dataclass(frozen=True)
class OutOfPlace(Likeness):
    """Cavnar and Trenkle, "N-gram-based text categorization", SDAIR 1994: how many places the most frequent n-grams of
    the source (1 to 5 characters of a word with a blank at either end) are from their places in the target's list,
    ``grams`` where they are not on it; the mean over the list, divided by its length.

    :param cap: see ``Likeness``. :param grams: length of the lists, 300 as in the paper.
    """

    grams: int = 300

    name: ClassVar[str] = "out_of_place"
    higher_is_better: ClassVar[bool] = False
    unit: ClassVar[str] = "share of the list, 0 to 1"
    cost: ClassVar[str] = "O(characters)"
    meaning: ClassVar[str] = "0: the same n-grams are frequent in both languages; 1: none is."
    reference: ClassVar[str] = "Cavnar and Trenkle, SDAIR 1994"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The measure; NaN where one side has no word."""
        there, here = (frequent_grams(texts, self.grams) for texts in self.sides(task, source, ctx))
        if not there or not here:
            return float("nan")
        place = {gram: rank for rank, gram in enumerate(here)}
        far = sum(abs(rank - place[gram]) if gram in place else self.grams for rank, gram in enumerate(there))
        return far / (len(there) * self.grams)


def frequent_grams(texts: Iterable[str], most: int) -> list[str]:
    """The most frequent first; equally frequent ones by the alphabet."""
    words = Counter(word for text in texts for word in tokens(text))
    count: Counter[str] = Counter()
    for word, times in words.items():
        padded = f" {word} "
        for length in range(1, _LONGEST + 1):
            for start in range(len(padded) - length + 1):
                count[padded[start : start + length]] += times
    del count[" "]
    return sorted(count, key=lambda gram: (-count[gram], gram))[:most]
