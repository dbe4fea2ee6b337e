"""DANN: features that a domain classifier cannot tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_adaptation.deep.method import PenalisedMethod, Penalty, Views, common_settings
from autotransfer_adaptation.deep.watch import AdversaryWatch, refuse_collapse

if TYPE_CHECKING:
    from torch import Tensor


@final
@dataclass(frozen=True)
class Dann(PenalisedMethod):
    """Ganin, Ustinova, Ajakan, Germain, Larochelle, Laviolette, Marchand and Lempitsky, Domain-Adversarial Training of
    Neural Networks, JMLR 17, 2016 (https://jmlr.org/papers/v17/15-239.html).

    A domain classifier with one hidden layer learns from the representation which domain a row is of; between the two
    the gradient is reversed, with a strength that rises as 2 / (1 + exp(-10 p)) - 1 over the training's progress p.

    Training fails when the domain classifier never learns, and when all target rows end in one class.

    :param weight: of the reversed gradient at the end, > 0; 1 in the paper.
    """

    weight: float = 1.0

    name: ClassVar[str] = "dann"
    reference: ClassVar[str] = "Ganin et al., JMLR 17, 2016, https://jmlr.org/papers/v17/15-239.html"

    def penalty(self, trainee: Trainee) -> Penalty:
        """The domain classifier's loss behind a reversed gradient."""
        from autotransfer_adaptation.deep.reversal import (
            domain_classifier,
            domain_loss,
            reverse_gradient,
            strength_at,
        )

        classifier = trainee.add(domain_classifier(self.width, self.width))
        watch = AdversaryWatch()

        def adversary(views: Views) -> Tensor:
            strength = self.weight * strength_at(views.progress)
            given = (views.source.z, views.target.z)
            source, target = (classifier(reverse_gradient(z, strength)) for z in given)
            watch.see(given, (source, target), views.progress)
            return domain_loss(source, target)

        return adversary

    def inspect(self, trainee: Trainee) -> None:
        """Refuses a collapsed network."""
        refuse_collapse(trainee.rows, trainee.network)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), weight=suggest.suggest_float("weight", 0.1, 2.0, log=True))
