"""TENT: surer predictions on the target by the scales of batch normalisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import Plan
from autotransfer.nets.trainee import Trainee
from autotransfer_adaptation.deep.method import common_settings
from autotransfer_adaptation.deep.statistics import normalisations, take_statistics
from autotransfer_adaptation.testtime.method import TestTimeMethod

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch


@final
@dataclass(frozen=True)
class Tent(TestTimeMethod):
    """Wang, Shelhamer, Liu, Olshausen and Darrell, Tent: Fully Test-Time Adaptation by Entropy Minimization, ICLR 2021
    (arXiv:2006.10726).

    Batch normalisation takes the statistics of each batch of target rows, and its scales and shifts follow the mean
    entropy of the predictions; all else stays. At the end the statistics are those of all target rows.

    :param passes: over the target rows, at least 1; 1 in the paper's online form.
    :param tent_rate: Adam's learning rate, > 0; 0.001 in the paper.
    """

    passes: int = 1
    tent_rate: float = 1e-3

    name: ClassVar[str] = "tent"
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Wang et al., ICLR 2021, arXiv:2006.10726"

    def adjust(self, trainee: Trainee) -> None:
        """Minimise the entropy, then fix the statistics."""
        from autotransfer.nets.plan import Group
        from autotransfer.nets.training import Turn, train

        network, rows = trainee.network, trainee.rows

        def loss(batch: Batch) -> Tensor:
            return mean_entropy(network(batch.parts[0][0]).scores)

        affine = [parameter for layer in normalisations(network) for parameter in layer.parameters()]
        plan = Plan(self.passes, rate=self.tent_rate)
        train(network, [Turn(loss, [Group(affine)])], [(rows.T,)], plan, trainee.ctx)
        take_statistics(network, rows.T, prior_rows=0.0)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **common_settings(suggest),
            passes=suggest.suggest_int("passes", 1, 5),
            tent_rate=suggest.suggest_float("tent_rate", 1e-4, 1e-2, log=True),
        )


def mean_entropy(scores: Tensor) -> Tensor:
    """Of the class probabilities, in nats; scores (n, classes)."""
    return -(scores.softmax(dim=1) * scores.log_softmax(dim=1)).sum(dim=1).mean()
