"""Word vectors aligned by rotations in turns with the dictionaries that they imply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.data import Array
from autotransfer.method import Suggest
from autotransfer.task import Context
from autotransfer_crosslingual.aligned import Aligned
from autotransfer_crosslingual.bilingual import suggest_l2, suggest_weight
from autotransfer_crosslingual.self_learning import Rounds, self_learned


@final
@dataclass(frozen=True)
class SelfLearningAlignment(Aligned):
    """Artetxe, Labaka and Agirre, "Learning bilingual word embeddings with (almost) no bilingual data", ACL 2017
    (aclanthology.org/P17-1042): a few pairs, even words of equal spelling, are refined to a dictionary of all words.

    :param mutual: dictionary of mutual neighbours by CSLS (Conneau et al., ICLR 2018) instead of the paper's nearest
        neighbours. :param rounds: at most.
    :param l2: see ``Bilingual``. :param weight: see ``Bilingual``. :param width: see ``Aligned``.
    :param window: see ``Aligned``.
    """

    mutual: bool = True
    rounds: int = 10

    name: ClassVar[str] = "self_learning_alignment"
    reference: ClassVar[str] = "Artetxe, Labaka and Agirre, ACL 2017, aclanthology.org/P17-1042"

    def align(self, X: Array, Y: Array, seeds: Array, ctx: Context) -> tuple[Array, Array]:
        """The source's vectors are turned."""
        W, _ = self_learned(X, Y, seeds, Rounds(self.rounds, self.mutual), ctx.check_time)
        return X @ W, Y

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            suggest_l2(suggest),
            suggest_weight(suggest),
            suggest.suggest_int("width", 20, 300, log=True),
            suggest.suggest_int("window", 2, 10),
            suggest.suggest_categorical("mutual", (True, False)),
            suggest.suggest_int("rounds", 1, 20, log=True),
        )
