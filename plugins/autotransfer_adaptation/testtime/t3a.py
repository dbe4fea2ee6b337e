"""T3A: the classifier's prototypes follow the target's surest rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_adaptation.deep.method import common_settings
from autotransfer_adaptation.testtime.method import TestTimeMethod

if TYPE_CHECKING:
    from torch import Tensor


@final
@dataclass(frozen=True)
class T3a(TestTimeMethod):
    """Iwasawa and Matsuo, Test-Time Classifier Adjustment Module for Model-Agnostic Domain Generalization, NeurIPS 2021
    (https://proceedings.neurips.cc/paper/2021/hash/1415fe9fea0fa1e45dddcff5682239a0-Abstract.html).

    Each class has a support set: its row of the head's weights, and the representations of the target rows that are
    given this class, of which the surest stay (the least entropy). The head's new weights are the support sets'
    directions: the mean of the normalised members, scaled to length 1. As in the authors' code there is no bias then.

    :param most: members of a support set, at least 1; the paper tries 1 to 100.
    """

    most: int = 20

    name: ClassVar[str] = "t3a"
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Iwasawa and Matsuo, NeurIPS 2021, Test-Time Classifier Adjustment Module"

    def adjust(self, trainee: Trainee) -> None:
        """Replace the head."""
        import torch

        from autotransfer.nets.evaluation import outputs

        z, scores = outputs(trainee.network, trainee.rows.T)
        (head,) = trainee.network.heads
        weight, bias = head.get_parameter("weight"), head.get_parameter("bias")
        with torch.no_grad():
            weight.copy_(prototypes(weight, bias, z, scores, self.most))
            bias.zero_()

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), most=suggest.suggest_int("most", 1, 100, log=True))


def prototypes(weight: Tensor, bias: Tensor, z: Tensor, scores: Tensor, most: int) -> Tensor:
    """The adjusted weights (classes, d), of length 1.

    :param weight: (classes, d) and ``bias`` (classes,) of the trained head; each row of the weights is the first member
        of a support set, under the class that the head gives it.
    :param z: representations (n, d) and ``scores`` (n, classes) of target rows.
    """
    import torch
    from torch.nn import functional

    members = torch.cat([weight, z])
    said = torch.cat([weight @ weight.T + bias, scores])
    entropy = -(said.softmax(dim=1) * said.log_softmax(dim=1)).sum(dim=1)
    given = said.argmax(dim=1)
    directions = functional.normalize(members, dim=1)
    found = torch.zeros_like(weight)
    for label in range(len(weight)):
        ours = torch.nonzero(given == label)[:, 0]
        surest = ours[entropy[ours].argsort(stable=True)[:most]]
        found[label] = directions[surest].sum(dim=0)
    return functional.normalize(found, dim=1)
