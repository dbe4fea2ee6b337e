"""What estimators of the likeness of two languages have in common: the texts that they look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_crosslingual.vocabulary import texts_of


@dataclass(frozen=True)
class Likeness(RelatednessEstimator):
    """Looks at texts alone, labelled or not.

    :param cap: texts of either side, at most; a sample of more.
    """

    cap: int = 2000

    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.OTHER_LANGUAGE
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.TEXT})
    seconds: ClassVar[float] = 0.5

    def sides(self, task: Task, source: Source, ctx: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Texts of the source and of the target."""
        both = texts_of(source.rows), texts_of(task.train, task.unlabeled)
        return sampled(both[0], self.cap, ctx), sampled(both[1], self.cap, ctx)


def sampled(texts: tuple[str, ...], cap: int, ctx: Context) -> tuple[str, ...]:
    """The texts, or ``cap`` of them by lot, in their order."""
    if len(texts) <= cap:
        return texts
    return tuple(texts[n] for n in np.sort(ctx.rng().permutation(len(texts))[:cap]))
