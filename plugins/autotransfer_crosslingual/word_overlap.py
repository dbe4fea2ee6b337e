"""Words that both languages have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from autotransfer.task import Context, Source, Task
from autotransfer_crosslingual.likeness import Likeness
from autotransfer_crosslingual.vocabulary import tokens


@final
@dataclass(frozen=True)
class WordOverlap(Likeness):
    """Lin et al., "Choosing transfer languages for cross-lingual learning", ACL 2019 (aclanthology.org/P19-1301), a
    feature of LangRank: |S ∩ T| / (|S| + |T|) of the sets of words.

    :param cap: see ``Likeness``.
    """

    name: ClassVar[str] = "word_overlap"
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "share of both vocabularies, 0 to 0.5"
    cost: ClassVar[str] = "O(words)"
    meaning: ClassVar[str] = "0.5: the same words; 0: no common word, no name or loan either."
    reference: ClassVar[str] = "Lin et al., ACL 2019, aclanthology.org/P19-1301"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The share; NaN where one side has no word."""
        there, here = ({word for text in texts for word in tokens(text)} for texts in self.sides(task, source, ctx))
        if not there or not here:
            return float("nan")
        return len(there & here) / (len(there) + len(here))
