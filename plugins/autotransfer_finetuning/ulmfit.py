"""Gradual unfreezing, slanted triangular rates and discriminative rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import Plan
from autotransfer.tuning import TunedMethod, Tuning, common_settings

if TYPE_CHECKING:
    from autotransfer.nets.plan import Group


@final
@dataclass(frozen=True)
class SlantedTriangular:
    """The rate rises fast and falls slowly: section 3.2 of the paper.

    :param cut: share of the steps in which it rises. :param ratio: of the largest to the smallest rate.
    """

    cut: float = 0.1
    ratio: float = 32.0

    def factor(self, progress: float) -> float:
        """From 1 / ratio up to 1 at ``cut``, and back."""
        share = progress / self.cut if progress < self.cut else (1 - progress) / (1 - self.cut)
        return (1 + share * (self.ratio - 1)) / self.ratio


@final
@dataclass(frozen=True)
class Ulmfit(TunedMethod):
    """Howard and Ruder, "Universal language model fine-tuning for text classification", ACL 2018 (arXiv:1801.06146):
    the head and the last block are trained first, and with each epoch one more block joins; each block's rate is that
    of the block above divided by a factor; rates are slanted triangles. The language model's own fine-tuning, which
    comes first there, is left out, since sources here need not be language models; so is the concatenated pooling.

    :param divisor: of the rate from block to block, 2.6 in the paper.
    :param unfreezing: share of the training after which every block moves, whatever the number of epochs.
    """

    divisor: float = 2.6
    unfreezing: float = 0.5

    name: ClassVar[str] = "ulmfit"
    reference: ClassVar[str] = "Howard and Ruder, ACL 2018, arXiv:1801.06146"
    head_rate: ClassVar[float] = 2.6

    def plan(self) -> Plan:
        """The base's with the paper's schedule."""
        return replace(super().plan(), schedule=SlantedTriangular())

    def groups(self, tuning: Tuning) -> Sequence[Group]:
        """The last block from the beginning on, the others an epoch after the one above, or sooner."""
        from autotransfer.tuning.groups import grouped

        count = len(tuning.blocks)
        below = range(count)[::-1]
        pause = min(1 / self.epochs, self.unfreezing / max(1, count - 1))
        return grouped(tuning, self.head_rate, [self.divisor**-n for n in below], [pause * n for n in below])

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The shared settings and its own."""
        return cls(
            **common_settings(suggest),
            divisor=suggest.suggest_float("divisor", 1.2, 4.0, log=True),
            unfreezing=suggest.suggest_float("unfreezing", 0.1, 0.9),
        )
