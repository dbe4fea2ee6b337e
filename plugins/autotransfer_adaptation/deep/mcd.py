"""MCD: two classifiers show where the target leaves the source's support, and the representation takes it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import NetworkPredictor
from autotransfer.nets.trainee import Trainee
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.deep.discrepancy_game import game
from autotransfer_adaptation.deep.method import DeepMethod, common_settings, target_judge, with_target_statistics
from autotransfer_adaptation.deep.watch import refuse_collapse

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch, Rows
    from autotransfer.nets.training import Loss


@final
@dataclass(frozen=True)
class MaximumClassifierDiscrepancy(DeepMethod):
    """Saito, Watanabe, Ushiku and Harada, Maximum Classifier Discrepancy for Unsupervised Domain Adaptation, CVPR 2018
    (arXiv:1712.02560).

    In each step: (A) backbone and both heads learn labelled rows; (B) the heads learn them too, and to disagree on
    target rows, in the mean absolute difference of their probabilities; (C) the backbone makes them agree,
    ``repeats`` times. Each domain passes by itself, as in the authors' code and in ``PenalisedMethod``. Predictions are
    the mean of the heads.

    Training fails when all target rows end in one class.

    :param repeats: updates of the backbone a step, at least 1; 2 to 4 in the paper.
    """

    repeats: int = 2

    name: ClassVar[str] = "maximum_classifier_discrepancy"
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Saito, Watanabe, Ushiku and Harada, CVPR 2018, arXiv:1712.02560"

    def fit(self, task: Task, source: Source | None, ctx: Context) -> NetworkPredictor:
        """Train; with validation rows the best epoch's weights are kept."""
        from autotransfer.nets.seeding import reproducible
        from autotransfer.nets.training import train

        with reproducible(ctx.seed, ctx.device):
            trainee = self.enlist(task, source, ctx, heads=2, hidden=self.width)
            rows = trainee.rows
            learn = self.learn(trainee)
            turns = game(trainee.network, learn, learn, 1, self.repeats)
            train(trainee.modules, turns, rows.sets(), self.plan(), ctx, target_judge(trainee))
            found = with_target_statistics(trainee)
            refuse_collapse(rows, trainee.network)
            return found

    def learn(self, trainee: Trainee) -> Loss:
        """Each head's loss of source rows and of labelled target rows."""
        rows, network = trainee.rows, trainee.network

        def loss(batch: Batch) -> Tensor:
            def one(part: Rows) -> Tensor:
                z = network.backbone(part[0])
                return sum((rows.loss(head(z), part[1]) for head in network.heads), start=z.new_zeros(()))

            total = one(batch.parts[0])
            return total + self.target_weight * one(batch.parts[2]) if len(batch.parts) > 2 else total

        return loss

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), repeats=suggest.suggest_int("repeats", 1, 4))
