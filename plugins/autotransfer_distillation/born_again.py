"""A network that learns from the one that it was before."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import NetworkPredictor
from autotransfer.nets.trainee import Trainee
from autotransfer.task import Context, Source, Task
from autotransfer_distillation.peers import Peers, common_settings, rows_in
from autotransfer_distillation.pupil import backbone_of, enlist, later

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.network import Network


@final
@dataclass(frozen=True)
class BornAgain(Peers):
    """Furlanello, Lipton, Tschannen, Itti and Anandkumar, Born-Again Neural Networks, ICML 2018 (arXiv:1805.04770).

    A network is trained on labels; then another of the same form is trained from scratch on labels and on the first
    one's answers, and so on. Unlabelled target rows take part from the second generation on. The last one is kept.

    :param generations: after the first, at least 1. :param answers: weight of the teacher's answers, > 0; 1 in the
        paper.
    """

    generations: int = 1
    answers: float = 1.0

    name: ClassVar[str] = "born_again"
    reference: ClassVar[str] = "Furlanello et al., ICML 2018, arXiv:1805.04770"

    def fit(self, task: Task, source: Source | None, ctx: Context) -> NetworkPredictor:
        """All generations; with validation rows each keeps its best epoch."""
        from autotransfer.nets.seeding import reproducible

        with reproducible(ctx.seed, ctx.device):
            rows = self.gather(task, source, ctx)
            teacher: Network | None = None
            for number in range(1 + self.generations):
                pupil = enlist(rows, backbone_of(rows, self.width), later(ctx, number * self.epochs))
                self._raise(pupil, teacher)
                teacher = copy.deepcopy(pupil.network).eval()
            return pupil.predictor()

    def _raise(self, pupil: Trainee, teacher: Network | None) -> None:
        import torch

        from autotransfer.nets.plan import Group
        from autotransfer.nets.training import Turn, train
        from autotransfer_distillation.losses.response import softened_divergence

        def loss(batch: Batch) -> Tensor:
            X, sizes = rows_in(batch)
            found = pupil.network(X)
            total = self.label_loss(pupil.rows, batch, found.split(sizes))
            if teacher is None:
                return total
            with torch.no_grad():
                told = teacher(X).scores
            return total + self.answers * softened_divergence(found.scores, told)

        turn = Turn(loss, [Group(list(pupil.network.parameters()))])
        judge = pupil.rows.judge(pupil.network)
        train(pupil.network, [turn], pupil.rows.sets(), self.plan(), pupil.ctx, judge)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **common_settings(suggest),
            generations=suggest.suggest_int("generations", 1, 3),
            answers=suggest.suggest_float("answers", 0.1, 10.0, log=True),
        )
