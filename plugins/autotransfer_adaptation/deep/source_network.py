"""The network trained on labelled rows alone: what the deep methods of this family are measured against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import NetworkPredictor
from autotransfer.nets.trainee import Trainee
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.deep.method import DeepMethod, common_settings

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch


@final
@dataclass(frozen=True)
class SourceNetwork(DeepMethod):
    """Standard practice: the network of the deep methods, trained as long as theirs on source rows and labelled target
    rows, nothing aligned. Unlabelled target rows only take part in centring and scaling feature rows.
    """

    name: ClassVar[str] = "source_network"
    reference: ClassVar[str] = "standard practice"

    def fit(self, task: Task, source: Source | None, ctx: Context) -> NetworkPredictor:
        """Train; with validation rows the best epoch's weights are kept."""
        from autotransfer.nets.seeding import reproducible

        with reproducible(ctx.seed, ctx.device):
            trainee = self.enlist(task, source, ctx)
            train_on_labels(self, trainee)
            return trainee.rows.predictor(trainee.network, trainee.spec)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest))


def train_on_labels(method: DeepMethod, trainee: Trainee) -> None:
    """Train a network on source rows and labelled target rows, with as many steps as if all target rows were used."""
    import torch

    from autotransfer.nets.plan import Group
    from autotransfer.nets.training import Turn, train

    rows = trainee.rows

    def loss(batch: Batch) -> Tensor:
        parts = [part for index, part in enumerate(batch.parts) if index != 1]
        found = trainee.network(torch.cat([part[0] for part in parts])).split([len(part[0]) for part in parts])
        losses = [rows.loss(outputs.scores, part[1]) for outputs, part in zip(found, parts, strict=True)]
        return losses[0] + method.target_weight * losses[1] if len(losses) > 1 else losses[0]

    turn = Turn(loss, [Group(list(trainee.modules.parameters()))])
    train(trainee.modules, [turn], rows.sets(), method.plan(), trainee.ctx, rows.judge(trainee.network))
