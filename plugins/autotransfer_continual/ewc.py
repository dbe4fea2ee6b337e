"""EWC: parameters that mattered are held, one penalty for each task learned so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_continual.anchors import Anchor
from autotransfer_continual.method import NetworkMethod, common_settings
from autotransfer_continual.strategy import Strategy

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer_continual.pupil import Pupil


@final
@dataclass(frozen=True)
class Ewc(NetworkMethod):
    """Kirkpatrick et al., "Overcoming catastrophic forgetting in neural networks", PNAS 114, 2017 (arXiv:1612.00796).

    The loss has ``weight / 2 * sum_i sum_k F_ik (theta_k - theta*_ik)²`` over the tasks i learned so far, with their
    parameters theta* and the diagonals F of their Fisher information.

    :param weight: lambda in the paper, > 0.
    """

    weight: float = 1000.0

    name: ClassVar[str] = "ewc"
    reference: ClassVar[str] = "Kirkpatrick et al., PNAS 114, 2017, arXiv:1612.00796"

    def strategy(self, pupil: Pupil) -> Strategy:
        """One anchor a task."""
        return Anchored(pupil, self.weight)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), weight=suggest.suggest_float("weight", 1.0, 1e6, log=True))


@final
class Anchored(Strategy):
    """An anchor after each lesson."""

    def __init__(self, pupil: Pupil, weight: float) -> None:
        super().__init__(pupil)
        self._weight = weight
        self.anchors: list[Anchor] = []

    def loss(self, batch: Batch) -> Tensor:
        """The lesson's, and what all anchors say."""
        found = self.pupil.batch_loss(batch)
        if not self.anchors:
            return found
        here = self.pupil.vector()
        return found + self._weight / 2 * sum(anchor.penalty(here) for anchor in self.anchors)

    def end(self) -> None:
        """Another anchor."""
        from autotransfer_continual.fisher import diagonal

        self.anchors.append(Anchor(self.pupil.vector().detach(), diagonal(self.pupil)))
