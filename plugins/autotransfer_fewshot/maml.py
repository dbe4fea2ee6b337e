"""MAML: weights from which a few steps lead to any new task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_fewshot.inner_loop import InnerLoop, inner_settings


@final
@dataclass(frozen=True)
class Maml(InnerLoop):
    """Finn, Abbeel and Levine, "Model-agnostic meta-learning for fast adaptation of deep networks", ICML 2017
    (arXiv:1703.03400): all weights follow the inner steps.

    With ``second_order`` the meta-gradient is exact; without it is the paper's first-order approximation. The authors'
    code normalises by statistics of the query rows, so that what is said of a row depends on its company; here layers
    are normalised row by row.

    Fields: see :class:`~autotransfer_fewshot.inner_loop.InnerLoop`.
    """

    name: ClassVar[str] = "maml"
    reference: ClassVar[str] = "Finn, Abbeel and Levine, ICML 2017, arXiv:1703.03400"

    @staticmethod
    def moves(name: str) -> bool:
        """All of them."""
        return True

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """What :func:`~autotransfer_fewshot.inner_loop.inner_settings` asks."""
        return cls(**inner_settings(suggest))
