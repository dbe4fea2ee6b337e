"""Gradient descent as part of a function: what is learned is where it starts."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from autotransfer.method import Suggest
from autotransfer.nets import NetworkPredictor
from autotransfer.task import Context, Task
from autotransfer_fewshot.episodic import EpisodicMethod

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from autotransfer.nets.network import Network
    from autotransfer_fewshot.episodic import EpisodeLoss
    from autotransfer_fewshot.lessons import Lesson

    Weights: TypeAlias = dict[str, Tensor]
    Scores: TypeAlias = Callable[[Weights, Tensor], Tensor]


@dataclass(frozen=True)
class InnerLoop(EpisodicMethod):
    """A network that a few steps of gradient descent on the support rows fit to their classes; episodes teach the
    weights that these steps start from. Layers are normalised row by row, since statistics of a batch would be those of
    the classes that are to be told.

    :param second_order: whether the gradient goes through the steps, or takes their gradients for constants.
    :param step: rate of the steps. :param steps: in an episode; the target gets ``more`` times as many.
    Other fields: see :class:`~autotransfer_fewshot.episodic.EpisodicMethod`; an episode has as many classes as the
    target, and four make one update.
    """

    passes: int = 8
    rate: float = 1e-3
    second_order: bool = False
    step: float = 0.1
    steps: int = 3
    more: int = 2

    predictor: ClassVar[type[NetworkPredictor]] = NetworkPredictor
    norm: ClassVar[str] = "layer"
    episodes_a_step: ClassVar[int] = 4

    @staticmethod
    @abstractmethod
    def moves(name: str) -> bool:
        """Whether the weights of that name follow the steps."""

    def outputs(self, task: Task) -> int:
        """One score a class."""
        return task.n_classes

    def ways_for(self, task: Task) -> int:
        """The target's."""
        return task.n_classes

    def episode_loss(self) -> EpisodeLoss:
        """Of the queries, by the weights after the steps. Which score stands for which class is drawn anew, as there
        may be more of the one than of the other."""
        import torch
        from torch.nn import functional

        def loss(network: Network, lesson: Lesson) -> Tensor:
            scores = scores_of(network)
            places = torch.randperm(network.score(network.backbone(lesson.support[:1])).shape[1])
            places = places.to(lesson.support.device)
            weights = descended(
                scores, dict(network.named_parameters()), (lesson.support, places[lesson.support_y]), self
            )
            return functional.cross_entropy(scores(weights, lesson.query), places[lesson.query_y])

        return loss

    def adapt(self, learned: NetworkPredictor, task: Task, ctx: Context) -> NetworkPredictor:
        """The steps, on all labelled rows."""
        import torch

        from autotransfer.nets.predictor import arrays_of

        ctx.check_time()
        network = learned.build().to(ctx.device)
        X = torch.from_numpy(learned.form.rows(task.train)).to(ctx.device)
        y = torch.from_numpy(task.train.labels.astype("int64")).to(ctx.device)
        starting = {name: weight.detach() for name, weight in network.named_parameters()}
        how = replace(self, second_order=False, steps=self.steps * self.more)
        found = descended(scores_of(network), starting, (X, y), how)
        network.load_state_dict(found)
        return replace(learned, arrays=arrays_of(network))


def scores_of(network: Network) -> Scores:
    """The network's scores as a function of its weights and rows."""
    from torch.func import functional_call

    def scores(weights: Weights, X: Tensor) -> Tensor:
        found: Tensor = functional_call(network, weights, (X,)).scores
        return found

    return scores


def descended(scores: Scores, weights: Weights, support: tuple[Tensor, Tensor], how: InnerLoop) -> Weights:
    """The weights after ``how.steps`` steps down the support rows' mean cross-entropy; those that do not move are
    handed on."""
    from torch.func import grad
    from torch.nn import functional

    X, y = support
    fast = {name: weight for name, weight in weights.items() if how.moves(name)}
    still = {name: weight for name, weight in weights.items() if name not in fast}

    def loss(moving: Weights) -> Tensor:
        return functional.cross_entropy(scores({**still, **moving}, X), y)

    for _ in range(how.steps):
        gradients = grad(loss)(fast)
        if not how.second_order:
            gradients = {name: gradient.detach() for name, gradient in gradients.items()}
        fast = {name: weight - how.step * gradients[name] for name, weight in fast.items()}
    return {**still, **fast}


def inner_settings(suggest: Suggest) -> dict[str, Any]:
    """The fields of :class:`InnerLoop` that are worth a search."""
    return {
        "passes": suggest.suggest_int("passes", 3, 20, log=True),
        "shots": suggest.suggest_int("shots", 1, 5),
        "rate": suggest.suggest_float("rate", 3e-4, 3e-3, log=True),
        "step": suggest.suggest_float("step", 0.01, 0.5, log=True),
        "steps": suggest.suggest_int("steps", 1, 4),
        "more": suggest.suggest_int("more", 1, 4),
        "second_order": suggest.suggest_categorical("second_order", (False, True)),
    }
