"""Word vectors of both languages projected to where they vary together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.method import Suggest
from autotransfer.task import Context
from autotransfer_crosslingual.aligned import Aligned
from autotransfer_crosslingual.bilingual import suggest_l2, suggest_weight
from autotransfer_crosslingual.cca import canonical_maps
from autotransfer_crosslingual.embedding import unit


@final
@dataclass(frozen=True)
class CcaAlignment(Aligned):
    """Faruqui and Dyer, "Improving vector space word representations using multilingual correlation", EACL 2014
    (aclanthology.org/E14-1049): canonical correlation analysis of the vectors of words that mean the same; the leading
    ``share`` of the directions is kept, and projected vectors are brought to length 1.

    :param share: of the directions, in (0, 1]. :param ridge: added to variances, in units of their mean; the paper has
        dictionaries so large that it needs none.
    :param l2: see ``Bilingual``. :param weight: see ``Bilingual``. :param width: see ``Aligned``.
    :param window: see ``Aligned``.
    """

    share: float = 0.5
    ridge: float = 0.1

    name: ClassVar[str] = "cca_alignment"
    reference: ClassVar[str] = "Faruqui and Dyer, EACL 2014, aclanthology.org/E14-1049"

    def align(self, X: Array, Y: Array, seeds: Array, ctx: Context) -> tuple[Array, Array]:
        """Both are projected."""
        left, right = X[seeds[:, 0]], Y[seeds[:, 1]]
        A, B, _ = canonical_maps(left - left.mean(axis=0), right - right.mean(axis=0), self.ridge)
        kept = max(1, int(np.ceil(self.share * A.shape[1])))
        return unit(X @ A[:, :kept]), unit(Y @ B[:, :kept])

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            suggest_l2(suggest),
            suggest_weight(suggest),
            suggest.suggest_int("width", 20, 300, log=True),
            suggest.suggest_int("window", 2, 10),
            suggest.suggest_float("share", 0.2, 1.0),
            suggest.suggest_float("ridge", 1e-3, 10.0, log=True),
        )
