"""A student without its least filters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_distillation.compression import Compression, compression_settings
from autotransfer_distillation.lesson import Lesson


@final
@dataclass(frozen=True)
class FilterPruning(Compression):
    """Li, Kadav, Durdanovic, Samet and Graf, Pruning Filters for Efficient ConvNets, ICLR 2017 (arXiv:1608.08710).

    In each layer the filters whose weights have the smallest sum of absolute values are removed, all at once, with what
    reads them; then the smaller network is trained on. It is smaller and faster without any support for zeros. Units
    of fully connected layers are pruned in the same way.

    :param removed: share of each layer's filters, in [0, 1).
    """

    removed: float = 0.5

    name: ClassVar[str] = "filter_pruning"
    reference: ClassVar[str] = "Li et al., ICLR 2017, arXiv:1608.08710"

    def compress(self, pupil: Trainee, lesson: Lesson) -> Trainee:
        """One cut."""
        return self.train_on(without_filters(pupil, self.removed), lesson)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**compression_settings(suggest), removed=suggest.suggest_float("removed", 0.1, 0.8))


def without_filters(pupil: Trainee, share: float) -> Trainee:
    """The student with a share of each layer's units less."""
    from torch import nn

    from autotransfer_distillation.narrowing import narrowed

    spec, network = narrowed(pupil.spec, pupil.network, share)
    return replace(pupil, spec=spec, network=network, modules=nn.ModuleList([network]))
