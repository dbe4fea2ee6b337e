"""ADDA: a target network of its own, whose representation fools a domain classifier."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import NetworkPredictor
from autotransfer.nets.trainee import Trainee
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.deep.method import DeepMethod, common_settings
from autotransfer_adaptation.deep.source_network import train_on_labels
from autotransfer_adaptation.deep.watch import AdversaryWatch, refuse_collapse

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.network import Network


@final
@dataclass(frozen=True)
class Adda(DeepMethod):
    """Tzeng, Hoffman, Saenko and Darrell, Adversarial Discriminative Domain Adaptation, CVPR 2017 (arXiv:1702.05464).

    First the network is trained on labelled rows. Then a copy of its backbone is trained on target rows, against a
    domain classifier that tells its representation from the first one's: the copy follows the loss with inverted
    labels. The head stays; target rows go through the copy. Labelled target rows take part in both stages.

    Training fails when the domain classifier never learns, and when all target rows end in one class.

    :param copy_rate: learning rate of the copy, relative to the domain classifier's, > 0.
    """

    copy_rate: float = 0.1

    name: ClassVar[str] = "adda"
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Tzeng, Hoffman, Saenko and Darrell, CVPR 2017, arXiv:1702.05464"

    def fit(self, task: Task, source: Source | None, ctx: Context) -> NetworkPredictor:
        """Both stages. Validation rows choose the epoch of the first; the second has all of its steps."""
        from autotransfer.nets.predictor import arrays_of
        from autotransfer.nets.seeding import reproducible

        with reproducible(ctx.seed, ctx.device):
            trainee = self.enlist(task, source, ctx)
            train_on_labels(self, trainee)
            target = copy.deepcopy(trainee.network)
            self._adapt(trainee, target)
            refuse_collapse(trainee.rows, target)
            return trainee.rows.predictor(target, trainee.spec, source_arrays=arrays_of(trainee.network))

    def _adapt(self, trainee: Trainee, target: Network) -> None:
        from torch import nn
        from torch.nn import functional

        from autotransfer.nets.evaluation import outputs
        from autotransfer.nets.plan import Group
        from autotransfer.nets.training import Turn, train
        from autotransfer_adaptation.deep.reversal import domain_classifier, domain_loss

        rows, watch = trainee.rows, AdversaryWatch()
        classifier = domain_classifier(self.width, self.width).to(trainee.ctx.device)

        def tell_apart(batch: Batch) -> Tensor:
            z = outputs(trainee.network, batch.parts[0][0]).z, target(batch.parts[1][0]).z.detach()
            there, here = classifier(z[0]), classifier(z[1])
            watch.see(z, (there, here), batch.progress)
            return domain_loss(there, here)

        def fool(batch: Batch) -> Tensor:
            loss = functional.softplus(-classifier(target(batch.parts[1][0]).z)).mean()
            if len(batch.parts) > 2:
                X, y = batch.parts[2]
                loss = loss + self.target_weight * rows.loss(target(X).scores, y)
            return loss

        turns = [
            Turn(tell_apart, [Group(list(classifier.parameters()))]),
            Turn(fool, [Group(list(target.backbone.parameters()), rate=self.copy_rate)]),
        ]
        train(nn.ModuleList([target, classifier]), turns, rows.sets(), self.plan(), trainee.ctx)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), copy_rate=suggest.suggest_float("copy_rate", 0.01, 1.0, log=True))
