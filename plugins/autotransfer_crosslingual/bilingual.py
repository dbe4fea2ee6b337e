"""What the methods of this family have in common: read both languages into shared features, train one model."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array, Modality
from autotransfer.learners import Linear
from autotransfer.method import Method, Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_crosslingual.predictor import TextPredictor
from autotransfer_crosslingual.reader import Reader
from autotransfer_crosslingual.vocabulary import texts_of

NEEDS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.OTHER_LANGUAGE
USES = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED


@dataclass(frozen=True)
class Bilingual(Method):
    """A linear model of features that two languages share. Labelled target rows, where there are some, are learned from
    too.

    :param l2: penalty of the linear model. :param weight: total weight of the target's rows over the source's.
    """

    l2: float = 1.0
    weight: float = 1.0

    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.TEXT})
    predictor: ClassVar[type[TextPredictor]] = TextPredictor

    @abstractmethod
    def readers(self, task: Task, source: Source, ctx: Context) -> tuple[Reader, Reader]:
        """Of the source's language and of the target's, to the same features."""

    def fit(self, task: Task, source: Source | None, ctx: Context) -> TextPredictor:
        """Readers, then a model of what they read."""
        if source is None:
            raise TypeError(f"{self.name} needs a source")
        ctx.check_time()
        there, here = self.readers(task, source, ctx)
        ctx.check_time()
        X = np.concatenate([here.features(texts_of(task.train)), there.features(texts_of(source.rows))])
        y = np.concatenate([task.train.labels[: len(task.train)], source.rows.labels]) if len(task.train) else None
        labels = source.rows.labels if y is None else y
        weights = row_weights(len(task.train), len(source.rows), self.weight)
        model = Linear(self.l2).fit(X, labels, n_classes=task.n_classes, weights=weights, seed=ctx.seed)
        return TextPredictor(here, model, there)


def row_weights(target: int, source: int, weight: float) -> Array:
    """(target + source,) of mean 1: the target's rows have ``weight`` times the total of the source's; all 1 where
    there are rows of one side alone."""
    if not target or not source:
        return np.ones(target + source)
    share = (target + source) / (1 + weight)
    return np.repeat([share * weight / target, share / source], [target, source])


def suggest_l2(suggest: Suggest) -> float:
    """The penalty."""
    return suggest.suggest_float("l2", 1e-3, 1e3, log=True)


def suggest_weight(suggest: Suggest) -> float:
    """The weight of the target's rows."""
    return suggest.suggest_float("weight", 0.05, 50.0, log=True)
