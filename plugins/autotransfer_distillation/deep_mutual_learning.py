"""Two networks that teach each other while they learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import NetworkPredictor
from autotransfer.nets.trainee import Trainee
from autotransfer.task import Context, Source, Task
from autotransfer_distillation.peers import Peers, common_settings, rows_in
from autotransfer_distillation.pupil import backbone_of, enlist

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.training import Loss


@final
@dataclass(frozen=True)
class DeepMutualLearning(Peers):
    """Zhang, Xiang, Hospedales and Lu, Deep Mutual Learning, CVPR 2018 (arXiv:1706.00384), with two networks.

    In each step one network is updated after the other: by the labels' loss and the divergence of its answers from the
    other's, on all rows, unlabelled target rows among them. The first one is kept.

    :param answers: weight of the divergence, > 0; 1 in the paper.
    """

    answers: float = 1.0

    name: ClassVar[str] = "deep_mutual_learning"
    reference: ClassVar[str] = "Zhang, Xiang, Hospedales and Lu, CVPR 2018, arXiv:1706.00384"

    def fit(self, task: Task, source: Source | None, ctx: Context) -> NetworkPredictor:
        """Train both; with validation rows the first one's best epoch is kept."""
        from torch import nn

        from autotransfer.nets.plan import Group
        from autotransfer.nets.seeding import reproducible
        from autotransfer.nets.training import Turn, train

        with reproducible(ctx.seed, ctx.device):
            rows = self.gather(task, source, ctx)
            first, second = (enlist(rows, backbone_of(rows, self.width), ctx) for _ in range(2))
            turns = [
                Turn(self._loss(one, other), [Group(list(one.network.parameters()))])
                for one, other in ((first, second), (second, first))
            ]
            both = nn.ModuleList([first.network, second.network])
            train(both, turns, rows.sets(), self.plan(), ctx, rows.judge(first.network))
            return first.predictor()

    def _loss(self, one: Trainee, other: Trainee) -> Loss:
        import torch

        from autotransfer_distillation.losses.response import softened_divergence

        def loss(batch: Batch) -> Tensor:
            X, sizes = rows_in(batch)
            found = one.network(X)
            with torch.no_grad():
                told = other.network(X).scores
            answers = self.answers * softened_divergence(found.scores, told)
            return self.label_loss(one.rows, batch, found.split(sizes)) + answers

        return loss

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), answers=suggest.suggest_float("answers", 0.1, 10.0, log=True))
