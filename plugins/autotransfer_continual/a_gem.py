"""A-GEM: no step may make the loss on kept rows larger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_continual.method import NetworkMethod, common_settings
from autotransfer_continual.strategy import Strategy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from autotransfer.nets.batches import Batch, Rows
    from autotransfer_continual.pupil import Pupil


@final
@dataclass(frozen=True)
class AGem(NetworkMethod):
    """Chaudhry, Ranzato, Rohrbach and Elhoseiny, "Efficient lifelong learning with A-GEM", ICLR 2019
    (arXiv:1812.00420).

    Where a step's gradient g and that of kept rows, r, point apart, g loses its part along r:
    ``g - (g.r / r.r) r``. After a task an equal share of the memory is filled with random rows of it.

    :param memory: rows that are kept, of all tasks together.
    """

    memory: int = 500

    name: ClassVar[str] = "a_gem"
    reference: ClassVar[str] = "Chaudhry et al., ICLR 2019, arXiv:1812.00420"

    def strategy(self, pupil: Pupil) -> Strategy:
        """Keeps rows."""
        return Projecting(pupil, self.memory)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), memory=suggest.suggest_int("memory", 50, 2000, log=True))


@final
class Projecting(Strategy):
    """Rows of each lesson so far, and a loss whose gradient is the projected one."""

    def __init__(self, pupil: Pupil, memory: int) -> None:
        super().__init__(pupil)
        self._share = max(1, memory // max(1, len(pupil.course.lessons) - 1))
        self.memory: Rows = ()

    def loss(self, batch: Batch) -> Tensor:
        """``loss - c * loss of kept rows``, its gradient being ``g - c r``."""
        import torch

        pupil = self.pupil
        found = pupil.batch_loss(batch)
        if not self.memory:
            return found
        chosen = torch.randperm(len(self.memory[0]))[: len(batch.parts[0][0])].to(found.device)
        X, y, lessons = (part[chosen] for part in self.memory)
        kept = pupil.loss(pupil.scores(X), y, lessons)
        g, r = (torch.autograd.grad(loss, pupil.parameters, retain_graph=True) for loss in (found, kept))
        return found - excess(g, r) * kept

    def end(self) -> None:
        """Random rows of the lesson."""
        import torch

        X, y = self.pupil.lesson.X, self.pupil.lesson.y
        chosen = torch.randperm(len(y))[: self._share].to(y.device)
        rows = (X[chosen], y[chosen], torch.full_like(y[chosen], self.pupil.now))
        self.memory = rows if not self.memory else tuple(map(torch.cat, zip(self.memory, rows, strict=True)))


def excess(g: Sequence[Tensor], r: Sequence[Tensor]) -> Tensor:
    """``min(0, g.r) / r.r``: how much of r has to be taken from g; 0 where r is 0. The parts are those of one
    vector."""
    import torch

    dot = sum(((a * b).sum() for a, b in zip(g, r, strict=True)), torch.zeros((), device=g[0].device))
    length = sum((part.square().sum() for part in r), torch.zeros((), device=g[0].device))
    return torch.where(length > 0, dot.clamp(max=0.0) / length, torch.zeros_like(dot))
