"""Sequential fine-tuning: nothing is done about forgetting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_continual.method import NetworkMethod, common_settings
from autotransfer_continual.strategy import Plain, Strategy

if TYPE_CHECKING:
    from autotransfer_continual.pupil import Pupil


@final
@dataclass(frozen=True)
class SequentialFineTuning(NetworkMethod):
    """McCloskey and Cohen, "Catastrophic interference in connectionist networks: the sequential learning problem",
    Psychology of Learning and Motivation 24, 1989 (doi:10.1016/S0079-7421(08)60536-8): each task is learned where the
    one before has left the network. What the other methods of this family are measured against.
    """

    name: ClassVar[str] = "sequential_fine_tuning"
    reference: ClassVar[str] = "McCloskey and Cohen, 1989, doi:10.1016/S0079-7421(08)60536-8"

    def strategy(self, pupil: Pupil) -> Strategy:
        """The lesson's loss alone."""
        return Plain(pupil)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest))
