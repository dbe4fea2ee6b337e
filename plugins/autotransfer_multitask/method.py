"""What all methods with a shared network have in common: the network, and how it is trained."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np

from autotransfer.assets import Asset
from autotransfer.method import Method, Suggest
from autotransfer.nets import Cosine, MlpSpec, NetworkPredictor, NetworkSpec, Plan, form_of
from autotransfer.task import Context, Source, Task
from autotransfer_multitask.rows import NEEDS, TaskRows, gather
from autotransfer_multitask.task_network import TaskNetwork

if TYPE_CHECKING:
    from torch import Tensor, nn

    from autotransfer.nets.batches import Rows
    from autotransfer_multitask.view import View

Weighing: TypeAlias = "Callable[[View], Tensor]"
"""What one batch adds up to: a scalar whose gradient the network follows."""
WEIGHT_RATE = 8.0
"""Of the network's learning rate, for weights of losses that are learned along: 0.025, as for GradNorm, by default."""
_ROWS = 512
"""Rows of a batch, about, all tasks together."""


@dataclass(frozen=True)
class SharedNetwork(Method):
    """Hard parameter sharing: two fully connected layers that all tasks share, and a linear head for each task. A batch
    holds equally many rows of each task.

    :param width: units of a layer. :param epochs: passes over the largest task, at most 1000 steps.
    :param rate: Adam's learning rate. :param decay: weight decay.
    """

    width: int = 64
    epochs: int = 40
    rate: float = 3e-3
    decay: float = 0.01

    needs: ClassVar[Asset] = NEEDS
    libraries: ClassVar[tuple[str, ...]] = ("torch",)
    predictor: ClassVar[type[TaskNetwork]] = TaskNetwork

    @abstractmethod
    def weighing(self, rows: TaskRows, ctx: Context) -> tuple[Weighing, list[nn.Parameter]]:
        """How the losses of the tasks that have rows become one, and parameters of its own that are trained along."""

    def fit(self, task: Task, source: Source | None, ctx: Context) -> TaskNetwork:
        """Train on all tasks at once."""
        rows = gather(task)
        return trained(rows, self.plan(rows), self.width, self.weighing, ctx)

    def plan(self, rows: TaskRows) -> Plan:
        """How the network is trained."""
        batch = int(np.clip(_ROWS // len(rows.present), 4, 32))
        return Plan(self.epochs, batch, self.rate, Cosine(), decay=self.decay)


def trained(
    rows: TaskRows,
    plan: Plan,
    width: int,
    weighing: Callable[[TaskRows, Context], tuple[Weighing, list[nn.Parameter]]],
    ctx: Context,
) -> TaskNetwork:
    """A network of two layers of ``width``, trained on all tasks that have rows."""
    from autotransfer.nets.plan import Group
    from autotransfer.nets.predictor import arrays_of
    from autotransfer.nets.seeding import reproducible
    from autotransfer.nets.training import Turn, train
    from autotransfer_multitask.losses import TaskLosses
    from autotransfer_multitask.view import View

    form = form_of([rows.data])
    with reproducible(ctx.seed, ctx.device):
        X = form.rows(rows.data)
        spec = NetworkSpec(MlpSpec(X.shape[1], (width, width), norm="none"), int(rows.scales.outputs.sum()))
        network = spec.build().to(ctx.device)
        measure, present = TaskLosses(rows.scales, ctx.device), rows.present.tolist()
        combine, own = weighing(rows, ctx)
        groups = [Group(list(network.parameters())), *([Group(own, WEIGHT_RATE, decay=0.0)] if own else [])]
        turn = Turn(lambda batch: combine(View.of(network, measure, batch, present)), groups)
        train(network, [turn], sets_of(rows, X, ctx.device), plan, ctx)
    return TaskNetwork(NetworkPredictor(form, spec, arrays_of(network)), rows.scales)


def sets_of(rows: TaskRows, X: np.ndarray, device: str) -> list[Rows]:
    """Rows and labels of each task that has some, as float32 tensors."""
    import torch

    y = rows.y.astype(np.float32)
    tensors = (torch.from_numpy(np.array(part)).to(device) for part in (X, y))
    inputs, labels = tensors
    chosen = [torch.from_numpy(np.flatnonzero(rows.task == number)).to(device) for number in rows.present]
    return [(inputs[index], labels[index]) for index in chosen]


def common_settings(suggest: Suggest, widest: int = 256) -> dict[str, Any]:
    """The fields of :class:`SharedNetwork`."""
    return {
        "width": suggest.suggest_int("width", 8, widest, log=True),
        "epochs": suggest.suggest_int("epochs", 5, 80, log=True),
        "rate": suggest.suggest_float("rate", 3e-4, 1e-2, log=True),
        "decay": suggest.suggest_float("decay", 1e-3, 1.0, log=True),
    }
