"""What a method does while a network takes its lessons."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer_continual.pupil import Pupil


class Strategy(ABC):
    """Made anew for each course; it may remember what it likes from one lesson to the next."""

    def __init__(self, pupil: Pupil) -> None:
        self.pupil = pupil

    @abstractmethod
    def loss(self, batch: Batch) -> Tensor:
        """What is made small in one step of the lesson under way."""

    def begin(self) -> None:  # noqa: B027 - most have nothing to prepare
        """Before the first step of a lesson."""

    def moved(self, progress: float) -> None:  # noqa: B027 - most do not look
        """After each update; the gradients are still there."""

    def end(self) -> None:  # noqa: B027 - some keep nothing
        """After the last step of a lesson: the time to note what must be kept."""


@final
class Plain(Strategy):
    """Nothing is done about forgetting."""

    def loss(self, batch: Batch) -> Tensor:
        """The lesson's own."""
        return self.pupil.batch_loss(batch)
