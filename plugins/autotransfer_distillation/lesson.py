"""What a teacher says of the target's rows, asked once: it does not learn any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

import numpy as np

from autotransfer.data import Dataset, concatenate
from autotransfer.encoder import Encoder
from autotransfer.errors import TrainingError
from autotransfer.nets.rows import target_rows
from autotransfer.task import Context, Source, Task
from autotransfer.trainable import Trainable
from autotransfer.tuning.head import linear_head

if TYPE_CHECKING:
    from torch import Tensor


@final
@dataclass(frozen=True, eq=False)
class Lesson:
    """For the labelled target rows and then those without labels.

    :param scores: (n, C), logarithms of probabilities up to a constant a row. :param z: representations (n, width).
    :param maps: of the last layer that has planes (n, planes, h, w), where they were asked for.
    """

    scores: Tensor
    z: Tensor
    maps: Tensor | None = None


def teach(task: Task, source: Source | None, ctx: Context, epochs: int, *, maps: bool = False) -> Lesson:
    """The lesson of a pretrained source. A network that can be trained further gets a linear head for the target's
    classes and is fine-tuned with it (see ``FineTunedTeacher``); any other encoder stays frozen below such a head.

    :param epochs: of the whole network; 0: it stays frozen. :param maps: whether they are wanted.
    :raises TrainingError: maps are wanted and the network has none.
    """
    if source is None or source.encoder is None:
        raise TypeError("a lesson needs a source with an encoder")
    labeled, others = target_rows(task)
    parts = [labeled, *others]
    if isinstance(source.encoder, Trainable):
        from autotransfer_distillation.teacher import network_lesson

        return network_lesson(source.encoder, task, parts, ctx, epochs, maps=maps)
    if maps:
        raise TrainingError(f"{source.name}: its encoder shows no maps; use a method that compares representations")
    return _frozen_lesson(source.encoder, parts, task.n_classes, ctx)


def _frozen_lesson(encoder: Encoder, parts: Sequence[Dataset], n_classes: int, ctx: Context) -> Lesson:
    import torch

    rows = concatenate("rows", [part.without_labels() for part in parts])
    features = np.array(encoder.fit(rows).transform(rows), np.float32)
    ctx.check_time()
    weight, bias = linear_head(features[: len(parts[0])], parts[0].labels, n_classes, ctx.seed)
    scores, z = (torch.from_numpy(array).to(ctx.device) for array in (features @ weight.T + bias, features))
    return Lesson(scores, z)
