"""Matching networks: attention over the support rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

import numpy as np

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
class MatchingNetworks(EpisodicMethod):
    """Vinyals, Blundell, Lillicrap, Kavukcuoglu and Wierstra, "Matching networks for one shot learning", NIPS 2016
    (arXiv:1606.04080), without full context embeddings.

    A row's probability of a class is the attention that the class's support rows get: the softmax of cosines over all
    support rows. Cosines end at 1, so that the paper's softmax can never be sure; here they are multiplied by
    ``scale``, as by the public code of Chen et al., "A closer look at few-shot classification", ICLR 2019, which takes
    100. At 1 it is the paper's.

    :param scale: of the cosines. Other fields: see :class:`~autotransfer_fewshot.episodic.EpisodicMethod`.
    """

    scale: float = 10.0

    name: ClassVar[str] = "matching_networks"
    reference: ClassVar[str] = "Vinyals, Blundell, Lillicrap, Kavukcuoglu and Wierstra, NIPS 2016, arXiv:1606.04080"
    predictor: ClassVar[type[ComparingPredictor]] = ComparingPredictor

    def episode_loss(self) -> EpisodeLoss:
        """Of the queries."""

        def loss(network: Network, lesson: Lesson) -> Tensor:
            import torch

            z = network(torch.cat([lesson.support, lesson.query])).z
            support, query = z.split([len(lesson.support), len(lesson.query)])
            return attention_loss(support, query, lesson.query_y, self.scale)

        return loss

    def adapt(self, learned: NetworkPredictor, task: Task, ctx: Context) -> ComparingPredictor:
        """The labelled rows themselves."""
        Z, y = learned.represent(task.train), np.asarray(task.train.labels, np.int64)
        return ComparingPredictor(Comparison(Z, y, task.n_classes, "cosine", self.scale), learned)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """What :func:`~autotransfer_fewshot.episodic.common_settings` asks, and the scale."""
        return cls(**common_settings(suggest), scale=suggest.suggest_float("scale", 1.0, 100.0, log=True))


def attention_loss(support: Tensor, query: Tensor, query_y: Tensor, scale: float) -> Tensor:
    """Mean of minus the logarithm of the attention on the own class.

    :param support: (ways * shots, d), class by class. :param query: (n, d). :param query_y: (n,) in [0, ways).
    """
    from torch.nn import functional

    ways = int(query_y.max()) + 1
    cosines = functional.normalize(query, dim=1) @ functional.normalize(support, dim=1).T
    logs = (scale * cosines).log_softmax(dim=1).view(len(query), ways, -1).logsumexp(dim=2)
    return functional.nll_loss(logs, query_y)
