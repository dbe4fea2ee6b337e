"""Online EWC: one penalty, at the last parameters, with a Fisher information that fades."""

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
class OnlineEwc(NetworkMethod):
    """Schwarz et al., "Progress & Compress: a scalable framework for continual learning", ICML 2018 (arXiv:1805.06370),
    section 3: after task i the Fisher information is ``decay * F + F_i``, and parameters are held where task i has left
    them. With two tasks, one source and the target, it is EWC.

    :param weight: > 0. :param decay: gamma in the paper, in (0, 1].
    """

    weight: float = 1000.0
    decay: float = 1.0

    name: ClassVar[str] = "online_ewc"
    reference: ClassVar[str] = "Schwarz et al., ICML 2018, arXiv:1805.06370"

    def strategy(self, pupil: Pupil) -> Strategy:
        """One anchor in all."""
        return Running(pupil, self.weight, self.decay)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **common_settings(suggest),
            weight=suggest.suggest_float("weight", 1.0, 1e6, log=True),
            decay=suggest.suggest_float("decay", 0.5, 1.0),
        )


@final
class Running(Strategy):
    """One anchor that moves on with each lesson."""

    def __init__(self, pupil: Pupil, weight: float, decay: float) -> None:
        super().__init__(pupil)
        self._weight, self._decay = weight, decay
        self.anchor: Anchor | None = None

    def loss(self, batch: Batch) -> Tensor:
        """The lesson's, and what the anchor says."""
        found = self.pupil.batch_loss(batch)
        if self.anchor is None:
            return found
        return found + self._weight / 2 * self.anchor.penalty(self.pupil.vector())

    def end(self) -> None:
        """The anchor moves here, its importance fades, and this lesson's is added."""
        from autotransfer_continual.fisher import diagonal

        found = diagonal(self.pupil)
        if self.anchor is not None:
            found = found + self._decay * self.anchor.importance
        self.anchor = Anchor(self.pupil.vector().detach(), found)
