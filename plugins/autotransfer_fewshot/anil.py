"""ANIL: MAML whose inner steps move the head alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_fewshot.inner_loop import InnerLoop, inner_settings


@final
@dataclass(frozen=True)
class Anil(InnerLoop):
    """Raghu, Raghu, Bengio and Vinyals, "Rapid learning or feature reuse? Towards understanding the effectiveness of
    MAML", ICLR 2020 (arXiv:1909.09157): almost no inner loop. The representation stays during the inner steps, the head
    alone follows them, in training and on the target.

    Fields: see :class:`~autotransfer_fewshot.inner_loop.InnerLoop`.
    """

    second_order: bool = True

    name: ClassVar[str] = "anil"
    reference: ClassVar[str] = "Raghu, Raghu, Bengio and Vinyals, ICLR 2020, arXiv:1909.09157"

    @staticmethod
    def moves(name: str) -> bool:
        """Those of the head."""
        return name.startswith("heads.")

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """What :func:`~autotransfer_fewshot.inner_loop.inner_settings` asks."""
        return cls(**inner_settings(suggest))
