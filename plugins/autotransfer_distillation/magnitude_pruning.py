"""A student without its smallest weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_distillation.compression import Compression, compression_settings
from autotransfer_distillation.lesson import Lesson


@final
@dataclass(frozen=True)
class MagnitudePruning(Compression):
    """Han, Pool, Tran and Dally, Learning both Weights and Connections for Efficient Neural Networks, NIPS 2015
    (arXiv:1506.02626).

    The smallest weights are removed, in units of their layer's standard deviation, and the others trained on, in
    several rounds. Biases and normalisations stay.

    :param sparsity: share of the weights that is removed in the end, in [0, 1).
    :param rounds: of pruning and training, at least 1.
    """

    sparsity: float = 0.8
    rounds: int = 2

    name: ClassVar[str] = "magnitude_pruning"
    reference: ClassVar[str] = "Han, Pool, Tran and Dally, NIPS 2015, arXiv:1506.02626"

    def compress(self, pupil: Trainee, lesson: Lesson) -> Trainee:
        """As many of the weights that are left in each round."""
        return prune(self, pupil, lesson, self.sparsity, self.rounds)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **compression_settings(suggest),
            sparsity=suggest.suggest_float("sparsity", 0.3, 0.95),
            rounds=suggest.suggest_int("rounds", 1, 3),
        )


def prune(method: Compression, pupil: Trainee, lesson: Lesson, sparsity: float, rounds: int) -> Trainee:
    """Remove weights and train on, each round the same share of what is left."""
    from autotransfer_distillation.masks import mask_smallest, release

    for number in range(1, rounds + 1):
        mask_smallest(pupil.network, 1.0 - (1.0 - sparsity) ** (number / rounds))
        pupil = method.train_on(pupil, lesson)
    release(pupil.network)
    return pupil
