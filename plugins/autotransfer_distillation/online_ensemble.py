"""Branches of a network that learn from their own gated ensemble."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import NetworkPredictor
from autotransfer.nets.trainee import Trainee
from autotransfer.task import Context, Source, Task
from autotransfer_distillation.peers import Peers, common_settings, rows_in
from autotransfer_distillation.pupil import backbone_of, enlist

if TYPE_CHECKING:
    from torch import Tensor, nn

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.training import Loss


@final
@dataclass(frozen=True)
class OnlineEnsemble(Peers):
    """Lan, Zhu and Gong, Knowledge Distillation by On-the-Fly Native Ensemble, NeurIPS 2018 (arXiv:1806.04606).

    A network has several branches on common layers, here heads with a hidden layer. A gate weighs their scores into a
    teacher, which learns the labels too; each branch learns labels and the teacher's softened answers, on unlabelled
    target rows the latter alone. The first branch is kept.

    :param branches: at least 2; 3 in the paper. :param temperature: of the answers, > 0; 3 in the paper.
    """

    branches: int = 3
    temperature: float = 3.0

    name: ClassVar[str] = "online_ensemble"
    reference: ClassVar[str] = "Lan, Zhu and Gong, NeurIPS 2018, arXiv:1806.04606"

    def fit(self, task: Task, source: Source | None, ctx: Context) -> NetworkPredictor:
        """Train all branches; with validation rows the epoch is kept that is best for their mean."""
        from torch import nn

        from autotransfer.nets.plan import Group
        from autotransfer.nets.seeding import reproducible
        from autotransfer.nets.training import Turn, train

        with reproducible(ctx.seed, ctx.device):
            rows = self.gather(task, source, ctx)
            pupil = enlist(rows, backbone_of(rows, self.width), ctx, self.branches, self.width)
            gate = pupil.add(nn.Sequential(nn.Linear(self.width, self.branches), nn.Softmax(dim=1)))
            turn = Turn(self._loss(pupil, gate), [Group(list(pupil.modules.parameters()))])
            train(pupil.modules, [turn], rows.sets(), self.plan(), ctx, rows.judge(pupil.network))
            return _first_branch(pupil)

    def _loss(self, pupil: Trainee, gate: nn.Module) -> Loss:
        import torch

        from autotransfer.nets.network import Outputs
        from autotransfer_distillation.losses.response import softened_divergence

        def loss(batch: Batch) -> Tensor:
            X, sizes = rows_in(batch)
            z = pupil.network.backbone(X)
            branches = [head(z) for head in pupil.network.heads]
            teacher = (gate(z)[:, :, None] * torch.stack(branches, dim=1)).sum(dim=1)
            labels = [
                self.label_loss(pupil.rows, batch, Outputs(z, scores).split(sizes)) for scores in (teacher, *branches)
            ]
            told = teacher.detach()
            answers = [softened_divergence(scores, told, self.temperature) for scores in branches]
            return torch.stack([*labels, *answers]).sum()

        return loss

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **common_settings(suggest),
            branches=suggest.suggest_int("branches", 2, 5),
            temperature=suggest.suggest_float("temperature", 1.0, 10.0, log=True),
        )


def _first_branch(pupil: Trainee) -> NetworkPredictor:
    """The network with its first head alone."""
    whole = pupil.predictor()
    kept = {name: array for name, array in whole.arrays.items() if not name.startswith("heads.") or "heads.0." in name}
    return replace(whole, spec=replace(whole.spec, heads=1), arrays=kept)
