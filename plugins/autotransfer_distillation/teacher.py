"""A pretrained network as a teacher: fine-tuned on the target's labels, then asked once about all rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self, final

import torch
from torch import Tensor, nn

from autotransfer.data import Dataset
from autotransfer.errors import TrainingError
from autotransfer.method import Suggest
from autotransfer.task import Context, Task
from autotransfer.trainable import Trainable
from autotransfer.tuning import TunedMethod
from autotransfer.tuning.head import probe
from autotransfer.tuning.network import TunedNetwork
from autotransfer.tuning.rows import gather
from autotransfer.tuning.tuning import start
from autotransfer_distillation.lesson import Lesson

_CHUNK = 256
_TIME_SHARE = 1 / 10
"""Of the seconds that are left, for the teacher's training: see ``method.TIME_SHARE``."""
_PREFIX = 8
"""A transformer has at most so many tokens before those of the image: of the class, and registers."""


@final
@dataclass(frozen=True)
class FineTunedTeacher(TunedMethod):
    """Kumar, Raghunathan, Jones, Ma and Liang, Fine-Tuning can Distort Pretrained Features, ICLR 2022
    (arXiv:2202.10054): first the head alone, then the whole network, at a smaller rate than where the head starts from
    nothing. Without epochs the network stays frozen."""

    rate: float = 3e-4

    name: ClassVar[str] = "fine_tuned_teacher"
    reference: ClassVar[str] = "Kumar et al., ICLR 2022, arXiv:2202.10054"
    head_rate: ClassVar[float] = 3.0

    def network(self, encoder: Trainable, task: Task, ctx: Context) -> TunedNetwork:
        """The network in evaluation mode. Call it inside of ``seeding.reproducible``."""
        tuning = start(encoder, gather(task, encoder, ctx), None, ctx)
        ctx.check_time()
        probe(tuning)
        if self.epochs:
            self.train(tuning, replace(self.plan(), seconds=_TIME_SHARE * ctx.seconds_left()))
        tuning.network.eval()
        return tuning.network

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The distilling methods ask for the epochs."""
        return cls()


def network_lesson(
    encoder: Trainable, task: Task, parts: Sequence[Dataset], ctx: Context, epochs: int, *, maps: bool
) -> Lesson:
    """See :func:`autotransfer_distillation.lesson.teach`."""
    quiet = Context(ctx.seed, ctx.device, ctx.deadline)
    teacher = FineTunedTeacher(epochs=epochs).network(encoder, task, quiet)
    prepared = [encoder.prepare(part.without_labels()) for part in parts if len(part)]
    found = [asked(teacher, rows, ctx) for rows in prepared]
    z, scores = (torch.cat([part[index] for part in found]) for index in range(2))
    return Lesson(scores, z, torch.cat([maps_of(teacher, rows, ctx) for rows in prepared]) if maps else None)


def maps_of(teacher: TunedNetwork, rows: Tensor, ctx: Context) -> Tensor:
    """The last planes that the network makes (n, planes, h, w), larger than one value if there are such; the tokens of
    a transformer as planes, those in front left out. Raises ``TrainingError`` for networks without either."""
    seen: list[Tensor] = []

    def note(_: nn.Module, __: object, output: object) -> None:
        if isinstance(output, Tensor) and output.dim() in (3, 4) and output.is_floating_point():
            seen.append(output)

    def last(part: Tensor) -> list[Tensor]:
        seen.clear()
        teacher(part)
        found = [maps for output in seen if (maps := _planes(output)) is not None]
        if not found:
            raise TrainingError("the teacher makes no planes: use a method that compares representations")
        large = [maps for maps in found if maps.shape[2] * maps.shape[3] > 1]
        return [(large or found)[-1]]

    handles = [module.register_forward_hook(note) for module in teacher.backbone.modules()]
    try:
        return asked(last, rows, ctx)[0]
    finally:
        for handle in handles:
            handle.remove()


def _planes(output: Tensor) -> Tensor | None:
    """Planes as they are; tokens (n, length, width) as (n, width, edge, edge)."""
    if output.dim() == 4:
        return output
    edge = math.isqrt(output.shape[1])
    if edge == 0 or output.shape[1] - edge**2 > _PREFIX:
        return None
    image = output[:, -(edge**2) :].transpose(1, 2)
    return image.reshape(*image.shape[:2], edge, edge)


def asked(question: Callable[[Tensor], Sequence[Tensor]], rows: Tensor, ctx: Context) -> list[Tensor]:
    """Each of the answers for all rows, some rows at a time and without gradients."""
    found = []
    with torch.no_grad():
        for part in torch.split(rows, _CHUNK):
            ctx.check_time()
            found.append(tuple(question(part.to(ctx.device))))
    return [torch.cat(parts) for parts in zip(*found, strict=True)]
