"""LwF: the new task's rows recall what the network said of them before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_continual.course import Scenario
from autotransfer_continual.method import NetworkMethod, common_settings
from autotransfer_continual.strategy import Strategy

if TYPE_CHECKING:
    from torch import Tensor, nn

    from autotransfer.nets.batches import Batch
    from autotransfer_continual.pupil import Pupil


@final
@dataclass(frozen=True)
class LearningWithoutForgetting(NetworkMethod):
    """Li and Hoiem, "Learning without forgetting", ECCV 2016 (arXiv:1606.09282).

    For the rows of a new task the softened outputs of each earlier task stay what they were before it. As in the code
    of van de Ven and Tolias the loss is multiplied by temperature², and there is no phase with the new outputs alone;
    with one set of outputs for several tasks it counts once for each.

    :param weight: lambda_o in the paper, > 0. :param temperature: 2 in the paper, > 0.
    """

    weight: float = 1.0
    temperature: float = 2.0

    name: ClassVar[str] = "learning_without_forgetting"
    reference: ClassVar[str] = "Li and Hoiem, ECCV 2016, arXiv:1606.09282"

    def strategy(self, pupil: Pupil) -> Strategy:
        """Keeps a copy of the network as it was."""
        return Recalling(pupil, self.weight, self.temperature)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field but the temperature."""
        return cls(**common_settings(suggest), weight=suggest.suggest_float("weight", 0.1, 100.0, log=True))


@final
class Recalling(Strategy):
    """The network before the lesson says what must not change."""

    def __init__(self, pupil: Pupil, weight: float, temperature: float) -> None:
        super().__init__(pupil)
        self._weight, self._temperature = weight, temperature
        self._before: nn.Module | None = None

    def begin(self) -> None:
        """A copy, from the second lesson on."""
        from copy import deepcopy

        if self.pupil.now:
            self._before = deepcopy(self.pupil.network).eval().requires_grad_(requires_grad=False)

    def loss(self, batch: Batch) -> Tensor:
        """The lesson's, and that of each earlier one."""
        pupil = self.pupil
        X, y = batch.parts[0]
        scores = pupil.scores(X)
        found = pupil.loss(scores, y, pupil.now)
        if self._before is None:
            return found
        old = self._before(X).scores
        terms = [distillation(scores, old, span, self._temperature) for span in self._spans()]
        return found + self._weight * pupil.now / len(terms) * sum(terms)

    def _spans(self) -> Sequence[tuple[int, int]]:
        """Outputs that are compared, together: of each earlier task where it is told, else of all."""
        course = self.pupil.course
        earlier = [(lesson.first, lesson.last) for lesson in course.lessons[: self.pupil.now]]
        return earlier if course.scenario is Scenario.TASK else [(0, max(last for _, last in earlier))]


def distillation(scores: Tensor, old: Tensor, span: tuple[int, int], temperature: float) -> Tensor:
    """``-temperature² * mean over rows of sum_c q_c log p_c``, with p and q the softmax of new and old scores of the
    outputs of ``span``, divided by the temperature."""
    new, before = (part[:, span[0] : span[1]] / temperature for part in (scores, old))
    return -(temperature**2) * (before.softmax(dim=1) * new.log_softmax(dim=1)).sum(dim=1).mean()
