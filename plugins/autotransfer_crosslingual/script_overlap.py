"""Whether two languages are written in the same letters."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, final

from autotransfer.task import Context, Source, Task
from autotransfer_crosslingual.likeness import Likeness


@final
@dataclass(frozen=True)
class ScriptOverlap(Likeness):
    """Common share of letters by script, Σ min(p, q), standard practice; that transfer needs a common script least in
    deep multilingual models is shown by Pires, Schlinger and Garrette, ACL 2019 (aclanthology.org/P19-1493). The script
    is the first word of a letter's Unicode name.

    :param cap: see ``Likeness``.
    """

    name: ClassVar[str] = "script_overlap"
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "share of letters, 0 to 1"
    cost: ClassVar[str] = "O(characters)"
    meaning: ClassVar[str] = "1: the same scripts in the same shares; 0: no letter of a common script."
    reference: ClassVar[str] = "standard practice"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The share; NaN where one side has no letter."""
        there, here = (script_shares(texts) for texts in self.sides(task, source, ctx))
        if not there or not here:
            return float("nan")
        return float(sum(min(share, here.get(script, 0.0)) for script, share in there.items()))


def script_shares(texts: Iterable[str]) -> dict[str, float]:
    """Script -> share of the letters."""
    letters = Counter(letter for text in texts for letter in text if letter.isalpha())
    scripts: Counter[str] = Counter()
    for letter, count in letters.items():
        scripts[unicodedata.name(letter, "UNKNOWN").split()[0]] += count
    return {script: count / letters.total() for script, count in scripts.items()}
