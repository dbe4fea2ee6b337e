"""DER++: kept rows come with what the network said of them when they were kept."""

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
class DerPlusPlus(NetworkMethod):
    """Buzzega, Boschini, Porrello, Abati and Calderara, "Dark experience for general continual learning: a strong,
    simple baseline", NeurIPS 2020 (arXiv:2004.07211).

    To the loss of a batch it adds ``alpha`` times the mean squared difference between the scores of kept rows and those
    that were kept with them, and ``beta`` times the loss of other kept rows. Rows are kept in a reservoir while
    training goes on, with the scores of all outputs at that moment, as in the authors' code.

    :param memory: rows that are kept, at least 1. :param alpha: > 0. :param beta: > 0.
    """

    memory: int = 500
    alpha: float = 0.5
    beta: float = 1.0

    name: ClassVar[str] = "der_plus_plus"
    reference: ClassVar[str] = "Buzzega et al., NeurIPS 2020, arXiv:2004.07211"

    def strategy(self, pupil: Pupil) -> Strategy:
        """Keeps rows and scores."""
        return Dark(pupil, self.memory, self.alpha, self.beta)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **common_settings(suggest),
            memory=suggest.suggest_int("memory", 50, 2000, log=True),
            alpha=suggest.suggest_float("alpha", 0.1, 1.0, log=True),
            beta=suggest.suggest_float("beta", 0.5, 1.0),
        )


@final
class Dark(Strategy):
    """A reservoir of rows, labels, lessons and scores."""

    def __init__(self, pupil: Pupil, memory: int, alpha: float, beta: float) -> None:
        from autotransfer_continual.reservoir import Reservoir

        super().__init__(pupil)
        self._alpha, self._beta = alpha, beta
        self.memory = Reservoir(memory)

    def loss(self, batch: Batch) -> Tensor:
        """Of the batch, of kept scores and of kept labels."""
        import torch
        from torch.nn.functional import mse_loss

        pupil = self.pupil
        X, y = batch.parts[0]
        scores = pupil.scores(X)
        found = pupil.loss(scores, y, pupil.now)
        if len(self.memory):
            kept, _, _, said = self.memory.draw(len(y))
            again, labels, lessons, _ = self.memory.draw(len(y))
            found = found + self._alpha * mse_loss(pupil.scores(kept), said)
            found = found + self._beta * pupil.loss(pupil.scores(again), labels, lessons)
        self.memory.offer((X, y, torch.full_like(y, pupil.now), scores))
        return found
