"""M3SDA: several sources and the target with the same moments, and a pair of classifiers for each source."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar, Self, final

import numpy as np

from autotransfer.method import Suggest
from autotransfer.nets import NetworkPredictor
from autotransfer.nets.trainee import Trainee
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.deep.discrepancy_game import game
from autotransfer_adaptation.deep.method import DeepMethod, common_settings, target_judge, with_target_statistics
from autotransfer_adaptation.deep.watch import refuse_collapse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.training import Loss

_MOST_SOURCES = 8
"""Further sources share the last pair of heads."""


@final
@dataclass(frozen=True)
class M3sda(DeepMethod):
    """Peng, Bai, Xia, Huang, Saenko and Wang, Moment Matching for Multi-Source Domain Adaptation, ICCV 2019
    (arXiv:1812.01754), in its form M3SDA-beta.

    Each source, told by the ``domain`` column, has a pair of heads. The representation's first two moments are
    matched between each source and the target and between each two sources; and, as in MCD, heads and backbone play
    for and against the disagreement of each pair on target rows. Predictions are the mean of all heads. A source
    without domains counts as one.

    Training fails when all target rows end in one class.

    :param weight: of the moments' distance, > 0. :param repeats: updates of the backbone a step, at least 1.
    """

    weight: float = 0.1
    repeats: int = 2

    name: ClassVar[str] = "m3sda"
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Peng et al., ICCV 2019, arXiv:1812.01754"

    def fit(self, task: Task, source: Source | None, ctx: Context) -> NetworkPredictor:
        """Train; with validation rows the best epoch's weights are kept."""
        from autotransfer.nets.seeding import reproducible
        from autotransfer.nets.training import train

        with reproducible(ctx.seed, ctx.device):
            count = domains_of(source)
            trainee = self.enlist(task, source, ctx, heads=2 * count, hidden=self.width)
            rows, domain = trainee.rows, np.minimum(trainee.rows.domain, count - 1)
            sets = [(rows.S[domain == k], rows.source_y[domain == k]) for k in range(count)]
            keep, learn = self.losses(trainee, count)
            turns = game(trainee.network, learn, keep, count, self.repeats)
            everything = [*sets, *rows.sets()[1:]]
            train(trainee.modules, turns, everything, self.plan(), ctx, target_judge(trainee))
            found = with_target_statistics(trainee)
            refuse_collapse(rows, trainee.network)
            return found

    def losses(self, trainee: Trainee, count: int) -> tuple[Loss, Loss]:
        """The loss of labelled rows, and the same with the moments' distance."""
        rows, network = trainee.rows, trainee.network

        def one(z: Tensor, y: Tensor, heads: Sequence[int]) -> Tensor:
            return sum((rows.loss(network.heads[k](z), y) for k in heads), start=z.new_zeros(()))

        def labeled(batch: Batch, z: Sequence[Tensor]) -> Tensor:
            total = sum(
                (one(z[k], batch.parts[k][1], (2 * k, 2 * k + 1)) for k in range(count)), start=z[0].new_zeros(())
            )
            for X, y in batch.parts[count + 1 :]:
                total = total + self.target_weight * one(network.backbone(X), y, range(2 * count)) / count
            return total

        def sources(batch: Batch) -> list[Tensor]:
            return [network.backbone(part[0]) for part in batch.parts[:count]]

        def learn(batch: Batch) -> Tensor:
            z = sources(batch)
            moments = moment_distance(z, network.backbone(batch.parts[count][0]))
            return labeled(batch, z) + self.weight * moments

        return lambda batch: labeled(batch, sources(batch)), learn

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **common_settings(suggest),
            weight=suggest.suggest_float("weight", 0.01, 1.0, log=True),
            repeats=suggest.suggest_int("repeats", 1, 4),
        )


def domains_of(source: Source | None) -> int:
    """How many pairs of heads the sources get."""
    domain = None if source is None else source.rows.domain
    return 1 if domain is None else min(len(np.unique(domain)), _MOST_SOURCES)


def moment_distance(sources: Sequence[Tensor], target: Tensor) -> Tensor:
    """The paper's equation 1: for the moments ``E[z]`` and ``E[z^2]``, the mean distance (Euclidean norm) of each
    source from the target, plus the mean distance of each two sources.

    :param sources: representations (n_k, d) of each source.
    """
    total = target.new_zeros(())
    for power in (1, 2):
        means = [(z**power).mean(dim=0) for z in sources]
        there = (target**power).mean(dim=0)
        total = total + sum((_norm(mean - there) for mean in means), start=target.new_zeros(())) / len(means)
        pairs = list(combinations(means, 2))
        if pairs:
            total = total + sum((_norm(a - b) for a, b in pairs), start=target.new_zeros(())) / len(pairs)
    return total


def _norm(x: Tensor) -> Tensor:
    """With a finite gradient at 0."""
    return (x.square().sum() + 1e-12).sqrt()
