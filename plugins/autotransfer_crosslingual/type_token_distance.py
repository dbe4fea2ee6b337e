"""How alike two languages are in the number of forms that a word takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from autotransfer.task import Context, Source, Task
from autotransfer_crosslingual.likeness import Likeness
from autotransfer_crosslingual.vocabulary import tokens


@final
@dataclass(frozen=True)
class TypeTokenDistance(Likeness):
    """Lin et al., "Choosing transfer languages for cross-lingual learning", ACL 2019 (aclanthology.org/P19-1301), a
    feature of LangRank: (1 - r_S / r_T)², r being distinct words over running words. The ratio falls with the length of
    a text: both are taken over as many running words as the shorter side has.

    :param cap: see ``Likeness``.
    """

    name: ClassVar[str] = "type_token_distance"
    higher_is_better: ClassVar[bool] = False
    unit: ClassVar[str] = "squared relative difference, from 0"
    cost: ClassVar[str] = "O(words)"
    meaning: ClassVar[str] = "0: words repeat as often in both; the farther from 0, the more one of them inflects."
    reference: ClassVar[str] = "Lin et al., ACL 2019, aclanthology.org/P19-1301"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The distance; NaN where one side has no word."""
        running = [[word for text in texts for word in tokens(text)] for texts in self.sides(task, source, ctx)]
        length = min(len(words) for words in running)
        if not length:
            return float("nan")
        there, here = (len(set(words[:length])) / length for words in running)
        return (1 - there / here) ** 2
