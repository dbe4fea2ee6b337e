"""Word vectors aligned by one rotation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.data import Array
from autotransfer.method import Suggest
from autotransfer.task import Context
from autotransfer_crosslingual.aligned import Aligned
from autotransfer_crosslingual.bilingual import suggest_l2, suggest_weight
from autotransfer_crosslingual.procrustes import rotation


@final
@dataclass(frozen=True)
class ProcrustesAlignment(Aligned):
    """Xing, Wang, Liu and Lin, "Normalized word embedding and orthogonal transform for bilingual word translation",
    NAACL 2015 (aclanthology.org/N15-1104): vectors of length 1 and an orthogonal map. The map is the closed form of the
    Procrustes problem (Artetxe et al., EMNLP 2016) where the paper descends on its objective.

    :param l2: see ``Bilingual``. :param weight: see ``Bilingual``. :param width: see ``Aligned``.
    :param window: see ``Aligned``.
    """

    name: ClassVar[str] = "procrustes_alignment"
    reference: ClassVar[str] = "Xing, Wang, Liu and Lin, NAACL 2015, aclanthology.org/N15-1104"

    def align(self, X: Array, Y: Array, seeds: Array, ctx: Context) -> tuple[Array, Array]:
        """The source's vectors are turned."""
        return X @ rotation(X[seeds[:, 0]], Y[seeds[:, 1]]), Y

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            suggest_l2(suggest),
            suggest_weight(suggest),
            suggest.suggest_int("width", 20, 300, log=True),
            suggest.suggest_int("window", 2, 10),
        )
