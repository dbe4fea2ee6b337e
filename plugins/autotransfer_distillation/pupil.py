"""The student: a small network, and what it says of rows at every stage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from autotransfer.data import Modality
from autotransfer.nets import ConvSpec, ImageForm, MlpSpec, NetworkSpec
from autotransfer.nets.rows import DeepRows, gather
from autotransfer.nets.trainee import Trainee, begin
from autotransfer.task import Context, Task

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.network import Network

SIZE = 32
"""Edge of the images that a student sees, in pixels."""


class Sight(NamedTuple):
    """What a student says of n rows.

    :param maps: of its last convolution (n, planes, h, w), or None. :param z: representation (n, width).
    :param scores: (n, C).
    """

    maps: Tensor | None
    z: Tensor
    scores: Tensor

    def after(self, n: int) -> Sight:
        """Without the first n rows."""
        return Sight(None if self.maps is None else self.maps[n:], self.z[n:], self.scores[n:])


def target_in_tensors(task: Task, device: str) -> DeepRows:
    """The target's rows alone; images at 32 × 32 pixels, arrays of smaller images at their own size."""
    images = np.asarray(task.train.inputs)
    small = task.train.modality is Modality.IMAGE and images.dtype != object
    return gather(task, None, device, min(SIZE, max(images.shape[1:3])) if small else SIZE)


def later(ctx: Context, steps: int) -> Context:
    """The context of a second training: what it reports comes after so many steps."""

    def report(step: int, score: float) -> None:
        ctx.report(steps + step, score)

    return replace(ctx, report=report)


def backbone_of(rows: DeepRows, width: int) -> ConvSpec | MlpSpec:
    """A small network for these rows: images pass three convolutions of ``width`` / 4, / 2 and / 1 planes, whose means
    go on; others two layers of ``width`` units."""
    if isinstance(rows.form, ImageForm):
        widths = (max(1, width // 4), max(1, width // 2), width)
        return ConvSpec(rows.form.channels, rows.form.size, widths, width, pooled=True)
    return rows.form.backbone(width)


def enlist(rows: DeepRows, backbone: ConvSpec | MlpSpec, ctx: Context, heads: int = 1, hidden: int = 0) -> Trainee:
    """A new student. Call it inside of ``seeding.reproducible``."""
    return begin(rows, NetworkSpec(backbone, max(1, rows.n_classes), heads, hidden), ctx)


def look(network: Network, X: Tensor) -> Sight:
    """One pass that keeps the maps of the last convolution, after its ReLU."""
    from torch import nn

    maps, z = None, X
    layers = network.backbone if isinstance(network.backbone, nn.Sequential) else [network.backbone]
    for layer in layers:
        z = layer(z)
        if z.dim() == 4 and isinstance(layer, nn.ReLU):
            maps = z
    return Sight(maps, z, network.score(z))
