"""Experience replay: each step also sees rows that were kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_continual.method import NetworkMethod, common_settings
from autotransfer_continual.strategy import Strategy

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer_continual.pupil import Pupil


@final
@dataclass(frozen=True)
class ExperienceReplay(NetworkMethod):
    """Chaudhry et al., "On tiny episodic memories in continual learning", 2019 (arXiv:1902.10486), with a reservoir;
    Riemer et al., ICLR 2019 (arXiv:1810.11910).

    The loss is the mean over a batch and as many rows of the memory, to which the batch is then offered.

    :param memory: rows that are kept, at least 1.
    """

    memory: int = 500

    name: ClassVar[str] = "experience_replay"
    reference: ClassVar[str] = "Chaudhry et al., 2019, arXiv:1902.10486"

    def strategy(self, pupil: Pupil) -> Strategy:
        """Keeps rows."""
        return Replaying(pupil, self.memory)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), memory=suggest.suggest_int("memory", 50, 2000, log=True))


@final
class Replaying(Strategy):
    """A reservoir of rows, their labels and their lessons."""

    def __init__(self, pupil: Pupil, memory: int) -> None:
        from autotransfer_continual.reservoir import Reservoir

        super().__init__(pupil)
        self.memory = Reservoir(memory)

    def loss(self, batch: Batch) -> Tensor:
        """Of both together."""
        import torch

        X, y = batch.parts[0]
        new = (X, y, torch.full_like(y, self.pupil.now))
        rows = new if not len(self.memory) else tuple(map(torch.cat, zip(new, self.memory.draw(len(y)), strict=True)))
        found = self.pupil.loss(self.pupil.scores(rows[0]), rows[1], rows[2])
        self.memory.offer(new)
        return found
