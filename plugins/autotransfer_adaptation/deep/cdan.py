"""CDAN: a domain classifier that looks at representation and prediction together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_adaptation.deep.method import PenalisedMethod, Penalty, Views, common_settings
from autotransfer_adaptation.deep.watch import AdversaryWatch, refuse_collapse

if TYPE_CHECKING:
    from torch import Tensor

_WIDEST = 4096
"""Products of more columns than this are replaced by a random map, as in the paper."""
_RANDOM = 1024


@final
@dataclass(frozen=True)
class Cdan(PenalisedMethod):
    """Long, Cao, Wang and Jordan, Conditional Adversarial Domain Adaptation, NeurIPS 2018 (arXiv:1705.10667).

    As DANN, but the domain classifier sees the products of each column of the representation with each class
    probability; with entropy conditioning (CDAN+E) rows of sure predictions count more. As in the authors' later code
    no gradient flows through the probabilities and the weights.

    :param weight: of the reversed gradient at the end, > 0; 1 in the paper.
    :param entropy: CDAN+E.
    """

    weight: float = 1.0
    entropy: bool = True

    name: ClassVar[str] = "cdan"
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Long, Cao, Wang and Jordan, NeurIPS 2018, arXiv:1705.10667"

    def penalty(self, trainee: Trainee) -> Penalty:
        """The conditional domain classifier's loss behind a reversed gradient."""
        from autotransfer_adaptation.deep.multilinear import MultilinearMap, sureness
        from autotransfer_adaptation.deep.reversal import (
            domain_classifier,
            domain_loss,
            reverse_gradient,
            strength_at,
        )

        columns = self.width * trainee.rows.n_classes
        to_width = _RANDOM if columns > _WIDEST else None
        joined = MultilinearMap(self.width, trainee.rows.n_classes, to_width).to(trainee.ctx.device)
        classifier = trainee.add(domain_classifier(to_width or columns, self.width))
        watch = AdversaryWatch()

        def adversary(views: Views) -> Tensor:
            strength = self.weight * strength_at(views.progress)
            given = (joined(*views.source), joined(*views.target))
            source, target = (classifier(reverse_gradient(side, strength)) for side in given)
            watch.see(given, (source, target), views.progress)
            weights = (sureness(views.source.scores), sureness(views.target.scores)) if self.entropy else None
            return domain_loss(source, target, weights)

        return adversary

    def inspect(self, trainee: Trainee) -> None:
        """Refuses a collapsed network."""
        refuse_collapse(trainee.rows, trainee.network)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **common_settings(suggest),
            weight=suggest.suggest_float("weight", 0.1, 2.0, log=True),
            entropy=suggest.suggest_categorical("entropy", (True, False)),
        )
