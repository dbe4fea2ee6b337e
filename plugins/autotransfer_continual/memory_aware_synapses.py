"""MAS: parameters are held by how much the network's outputs depend on them."""

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
class MemoryAwareSynapses(NetworkMethod):
    """Aljundi, Babiloni, Elhoseiny, Rohrbach and Tuytelaars, "Memory aware synapses: learning what (not) to forget",
    ECCV 2018 (arXiv:1711.09601).

    A parameter's importance is the mean over rows of ``|d ||f(x)||² / d theta|``, f being the outputs of the row's
    task; that of all tasks so far is added up. The loss has ``weight * sum importance (theta - theta*)²``.

    :param weight: lambda in the paper, > 0.
    """

    weight: float = 1.0

    name: ClassVar[str] = "memory_aware_synapses"
    reference: ClassVar[str] = "Aljundi et al., ECCV 2018, arXiv:1711.09601"

    def strategy(self, pupil: Pupil) -> Strategy:
        """One anchor in all."""
        return Sensitive(pupil, self.weight)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), weight=suggest.suggest_float("weight", 1e-3, 1e3, log=True))


@final
class Sensitive(Strategy):
    """One anchor that moves on with each lesson."""

    def __init__(self, pupil: Pupil, weight: float) -> None:
        super().__init__(pupil)
        self._weight = weight
        self.anchor: Anchor | None = None

    def loss(self, batch: Batch) -> Tensor:
        """The lesson's, and what the anchor says."""
        found = self.pupil.batch_loss(batch)
        if self.anchor is None:
            return found
        return found + self._weight * self.anchor.penalty(self.pupil.vector())

    def end(self) -> None:
        """The anchor moves here, and importance is added."""
        found = sensitivity(self.pupil)
        if self.anchor is not None:
            found = found + self.anchor.importance
        self.anchor = Anchor(self.pupil.vector().detach(), found)


def sensitivity(pupil: Pupil) -> Tensor:
    """``mean over the lesson's rows of |d ||f(x)||² / d parameter|``, (p,); labels are not looked at."""
    from autotransfer_continual.row_gradients import powers

    visible, X = pupil.visible(pupil.now), pupil.lesson.X

    def square(scores: Tensor) -> Tensor:
        return scores[:, visible].square().sum(dim=1)

    return powers(pupil.scores, pupil.network, X, [square], 1) / len(X)
