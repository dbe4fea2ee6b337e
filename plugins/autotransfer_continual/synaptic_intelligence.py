"""SI: what each parameter did for the loss on its way, added up while it is trained."""

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
class SynapticIntelligence(NetworkMethod):
    """Zenke, Poole and Ganguli, "Continual learning through synaptic intelligence", ICML 2017 (arXiv:1703.04200).

    Over the steps of a task a parameter gathers ``w = -sum g * step``, with g the gradient of the task's loss alone,
    the penalty left out, as in the authors' code. After the task its importance grows by ``w / (path² + damping)``,
    with the distance from the task's start, and is cut off at 0, as there. The loss has ``weight * sum importance
    (theta - theta*)²``.

    :param weight: c in the paper, > 0. :param damping: xi in the paper, > 0.
    """

    weight: float = 1.0
    damping: float = 0.1

    name: ClassVar[str] = "synaptic_intelligence"
    reference: ClassVar[str] = "Zenke, Poole and Ganguli, ICML 2017, arXiv:1703.04200"

    def strategy(self, pupil: Pupil) -> Strategy:
        """Looks at every update."""
        return Watching(pupil, self.weight, self.damping)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field but the damping."""
        return cls(**common_settings(suggest), weight=suggest.suggest_float("weight", 0.01, 1e4, log=True))


@final
class Watching(Strategy):
    """The path integral of each parameter."""

    def __init__(self, pupil: Pupil, weight: float, damping: float) -> None:
        super().__init__(pupil)
        self._weight, self._damping = weight, damping
        self.anchor: Anchor | None = None

    def begin(self) -> None:
        """A new path."""
        self._start = self._before = self.pupil.vector().detach()
        self.gathered = self._start.new_zeros(len(self._start))

    def loss(self, batch: Batch) -> Tensor:
        """The lesson's, and what the anchor says."""
        found = self.pupil.batch_loss(batch)
        if self.anchor is None:
            return found
        return found + self._weight * self.anchor.penalty(self.pupil.vector())

    def moved(self, progress: float) -> None:
        """One more piece of the path."""
        import torch

        slope = torch.cat([p.grad.flatten() for p in self.pupil.parameters if p.grad is not None])
        if self.anchor is not None:
            slope = slope - self._weight * self.anchor.slope(self._before)
        here = self.pupil.vector().detach()
        self.gathered -= slope * (here - self._before)
        self._before = here

    def end(self) -> None:
        """The anchor moves here, and importance is added."""
        here = self.pupil.vector().detach()
        found = self.gathered / ((here - self._start).square() + self._damping)
        if self.anchor is not None:
            found = found + self.anchor.importance
        self.anchor = Anchor(here, found.clamp(min=0.0))
