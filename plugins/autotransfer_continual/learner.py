"""What takes a course: learns a lesson, says what it thinks, and can be kept as plain data at any time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Generic, TypeVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.nets import NetworkPredictor, NetworkSpec, Plan
from autotransfer.nets.forms import Form
from autotransfer_continual.course import Course

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.training import Judge
    from autotransfer_continual.strategy import Strategy


Model = TypeVar("Model")


class Learner(ABC, Generic[Model]):
    """Takes the lessons of a course one after the other. A model is what it can be kept as."""

    course: Course

    @abstractmethod
    def learn(self, index: int, plan: Plan, judge: Judge | None = None) -> None:
        """The lesson of that number; those before it have been learned."""

    @abstractmethod
    def scores(self, X: Tensor, lesson: int) -> Array:
        """All outputs for rows (n, d), float64; those that do not compete for rows of this lesson are -inf."""

    @abstractmethod
    def model(self, form: Form) -> Model:
        """As it is now, as plain data that shares nothing with it."""

    def judge(self, held: tuple[Tensor, Array] | None) -> Judge | None:
        """The accuracy on validation rows of the last lesson; None where there are none.

        :param held: rows, and their labels from 0 on.
        """
        last = len(self.course.lessons) - 1

        def accuracy(rows: tuple[Tensor, Array]) -> float:
            found = self.scores(rows[0], last).argmax(axis=1) - self.course.lessons[last].first
            return float(np.mean(found == rows[1]))

        return None if held is None else lambda: accuracy(held)


@final
class NetworkLearner(Learner[NetworkPredictor]):
    """One network with an output for each class of the course; a strategy says what is done about forgetting."""

    def __init__(self, strategy: Strategy, spec: NetworkSpec) -> None:
        self.course, self._strategy, self._spec = strategy.pupil.course, strategy, spec

    def learn(self, index: int, plan: Plan, judge: Judge | None = None) -> None:
        """By the shared training loop."""
        from autotransfer_continual.pupil import teach

        teach(self._strategy, index, plan, judge)

    def scores(self, X: Tensor, lesson: int) -> Array:
        """Not told, the outputs of all lessons so far compete."""
        from autotransfer.nets.evaluation import outputs

        pupil = self._strategy.pupil
        found = outputs(pupil.network, X).scores.masked_fill(~pupil.visible(lesson), -np.inf)
        return np.asarray(found.cpu().numpy(), np.float64)

    def model(self, form: Form) -> NetworkPredictor:
        """The network as it is now."""
        from autotransfer.nets.predictor import arrays_of

        return NetworkPredictor(form, self._spec, arrays_of(self._strategy.pupil.network))
