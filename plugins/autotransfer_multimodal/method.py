"""What the methods of this family share: towers from pairs, classes by prompts, labelled rows on top."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from autotransfer.assets import Asset
from autotransfer.method import Method, Suggest
from autotransfer.nets.seeding import reproducible
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task
from autotransfer_multimodal.few_labels import anchored
from autotransfer_multimodal.prompts import PROMPTS, class_embeddings
from autotransfer_multimodal.towers import Towers


@dataclass(frozen=True)
class PairedMethod(Method):
    """Learns images and texts in one space from the source's pairs. Classes are the text embeddings of their prompts
    (zero-shot classification: Radford et al., section 3.1); the target's labelled rows, if there are any, move them.

    :param prompts: see ``prompts.PROMPTS``. :param anchor: see ``few_labels.anchored``.
    """

    prompts: str = PROMPTS[0]
    anchor: float = 1.0

    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.PAIRS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS
    regression: ClassVar[bool] = False
    libraries: ClassVar[tuple[str, ...]] = ("torch",)

    @abstractmethod
    def learn(self, source: Source, ctx: Context) -> Towers:
        """Towers from the rows of the source and their captions. Called inside of ``seeding.reproducible``."""

    def fit(self, task: Task, source: Source | None, ctx: Context) -> Predictor:
        """Towers, prompts, labels."""
        if source is None:
            raise TypeError("this method needs a source of pairs")
        with reproducible(ctx.seed, ctx.device):
            towers = self.learn(source, ctx)
        ctx.check_time()
        classes = class_embeddings(towers.texts, task, self.prompts)
        change = np.zeros_like(classes)
        if len(task.train):
            fixed = towers.factor * towers.cosines(task.train, classes)
            change = anchored(towers.images(task.train), fixed, task.train.labels, towers.factor, self.anchor)
        return towers.predictor(classes, change)


def shared_settings(suggest: Suggest) -> dict[str, Any]:
    """The fields of :class:`PairedMethod`."""
    return {
        "prompts": suggest.suggest_categorical("prompts", PROMPTS),
        "anchor": suggest.suggest_float("anchor", 1e-3, 1e2, log=True),
    }


def training_settings(suggest: Suggest) -> dict[str, Any]:
    """The same, and those of the methods with a training."""
    return {
        **shared_settings(suggest),
        "epochs": suggest.suggest_int("epochs", 3, 30, log=True),
        "rate": suggest.suggest_float("rate", 3e-4, 1e-2, log=True),
    }
