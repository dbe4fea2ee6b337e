"""Learning rates that fall from the head to the input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.tuning import TunedMethod, Tuning, common_settings

if TYPE_CHECKING:
    from autotransfer.nets.plan import Group


@final
@dataclass(frozen=True)
class LayerwiseDecay(TunedMethod):
    """Clark, Luong, Le and Manning, "ELECTRA", ICLR 2020 (arXiv:2003.10555), and Bao, Dong, Piao and Wei, "BEiT", ICLR
    2022 (arXiv:2106.08254): the rate of each block is that of the block above, times a factor below 1.

    :param layer_decay: that factor, in (0, 1).
    """

    layer_decay: float = 0.75

    name: ClassVar[str] = "layerwise_decay"
    reference: ClassVar[str] = "Clark et al., ICLR 2020, arXiv:2003.10555"

    def groups(self, tuning: Tuning) -> Sequence[Group]:
        """The last block's rate is a factor below the plan's, as the first above it is that of the head's layer."""
        from autotransfer.tuning.groups import grouped

        distances = range(1, len(tuning.blocks) + 1)[::-1]
        return grouped(tuning, self.head_rate, [self.layer_decay**distance for distance in distances])

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The shared settings and its own."""
        return cls(**common_settings(suggest), layer_decay=suggest.suggest_float("layer_decay", 0.4, 0.95))
