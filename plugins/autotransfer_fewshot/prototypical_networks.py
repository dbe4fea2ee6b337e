"""Prototypical networks: a class is the mean of its support rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import NetworkPredictor
from autotransfer.task import Context, Task
from autotransfer_fewshot.comparison import Comparison
from autotransfer_fewshot.episodic import EpisodicMethod, common_settings
from autotransfer_fewshot.predictor import ComparingPredictor

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.network import Network
    from autotransfer_fewshot.episodic import EpisodeLoss
    from autotransfer_fewshot.lessons import Lesson


@final
@dataclass(frozen=True)
class PrototypicalNetworks(EpisodicMethod):
    """Snell, Swersky and Zemel, "Prototypical networks for few-shot learning", NIPS 2017 (arXiv:1703.05175).

    Query rows of an episode belong to the class whose mean support representation is nearest by the squared Euclidean
    distance; the loss is the cross-entropy of the softmax of minus these distances. Support and query rows pass the
    network together. The learning rate falls by a cosine where the authors' halves every 2000 episodes.

    Fields: see :class:`~autotransfer_fewshot.episodic.EpisodicMethod`.
    """

    name: ClassVar[str] = "prototypical_networks"
    reference: ClassVar[str] = "Snell, Swersky and Zemel, NIPS 2017, arXiv:1703.05175"
    predictor: ClassVar[type[ComparingPredictor]] = ComparingPredictor

    def episode_loss(self) -> EpisodeLoss:
        """Of the queries."""
        return prototype_loss_of

    def adapt(self, learned: NetworkPredictor, task: Task, ctx: Context) -> ComparingPredictor:
        """Class means."""
        Z = learned.represent(task.train)
        return ComparingPredictor(Comparison.of_means(Z, task.train.labels, task.n_classes), learned)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """What :func:`~autotransfer_fewshot.episodic.common_settings` asks."""
        return cls(**common_settings(suggest))


def prototype_loss_of(network: Network, lesson: Lesson) -> Tensor:
    """:func:`prototype_loss` of a network's representations."""
    import torch

    z = network(torch.cat([lesson.support, lesson.query])).z
    support, query = z.split([len(lesson.support), len(lesson.query)])
    return prototype_loss(support, query, lesson.query_y)


def prototype_loss(support: Tensor, query: Tensor, query_y: Tensor) -> Tensor:
    """Mean cross-entropy of the query rows.

    :param support: (ways * shots, d), class by class. :param query: (n, d). :param query_y: (n,) in [0, ways).
    """
    from torch.nn import functional

    ways = int(query_y.max()) + 1
    means = support.view(ways, -1, support.shape[1]).mean(dim=1)
    distances = query.square().sum(dim=1)[:, None] + means.square().sum(dim=1) - 2 * query @ means.T
    return functional.cross_entropy(-distances, query_y)
