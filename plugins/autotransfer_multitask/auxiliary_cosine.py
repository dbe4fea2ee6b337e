"""Other tasks as auxiliaries, dropped where they hurt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.method import Suggest
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer.task import Context, Source, Task
from autotransfer_multitask.method import SharedNetwork, Weighing, common_settings, trained
from autotransfer_multitask.rows import TaskRows, gather, task_numbers
from autotransfer_multitask.task_network import TaskNetwork

if TYPE_CHECKING:
    from torch import Tensor, nn

    from autotransfer_multitask.view import View


@final
@dataclass(frozen=True, eq=False)
class MainNetworks(Predictor):
    """A network for each task as the main one. :param networks: by task."""

    networks: tuple[TaskNetwork, ...]

    def predict(self, data: Dataset) -> Array:
        """Probabilities or values, (n, width)."""
        task = task_numbers(data)
        found = np.zeros((len(data), self.networks[0].scales.width))
        for number in np.unique(task):
            mine = task == number
            found[mine] = self.networks[number].predict(data.take(mine))
        return found

    def state(self) -> State:
        """Plain data."""
        return {"networks": [network.state() for network in self.networks]}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(tuple(TaskNetwork.restore(network) for network in state["networks"]))


@final
@dataclass(frozen=True)
class AuxiliaryCosine(SharedNetwork):
    """Du, Czarnecki, Jayakumar, Farajtabar, Pascanu and Lakshminarayanan, "Adapting auxiliary losses using gradient
    similarity", 2018 (arXiv:1812.02224), in its weighted form.

    Each task in turn is the main one of a network of its own. The gradient of an auxiliary task counts as much as the
    cosine between it and the main task's gradient, and not at all where that is negative, so that in the end the main
    task's own minimum is found.

    :param auxiliaries: other tasks that a main task has, at most; with more of them they are drawn by lot.
    """

    width: int = 32
    auxiliaries: int = 8

    name: ClassVar[str] = "auxiliary_cosine"
    reference: ClassVar[str] = "Du et al., 2018, arXiv:1812.02224"
    predictor: ClassVar[type[Predictor]] = MainNetworks  # type: ignore[assignment]

    def fit(self, task: Task, source: Source | None, ctx: Context) -> MainNetworks:  # type: ignore[override]
        """A network a task."""
        rows, rng = gather(task), ctx.rng()
        networks = []
        for main in range(len(task.tasks)):
            others = rng.permutation(np.setdiff1d(rows.present, [main]))[: self.auxiliaries]
            few = rows.of_tasks(np.append(others, main)) if main in rows.present else rows.of_tasks(others)
            first = int(np.searchsorted(few.present, main)) if main in rows.present else None
            networks.append(trained(few, self.plan(few), self.width, partial(_guided, first), ctx))
        return MainNetworks(tuple(networks))

    def weighing(self, rows: TaskRows, ctx: Context) -> tuple[Weighing, list[nn.Parameter]]:
        """For the first task as the main one."""
        return _guided(0, rows, ctx)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), auxiliaries=suggest.suggest_int("auxiliaries", 1, 16))


def _guided(main: int | None, rows: TaskRows, ctx: Context) -> tuple[Weighing, list[nn.Parameter]]:
    """With the task at this place as the main one; None where it has no rows: all are alike then."""

    def combine(view: View) -> Tensor:
        if main is None:
            return view.losses.mean()
        return view.combined(agreement(view.jacobian, main))

    return combine, []


def agreement(gradients: Tensor, main: int) -> Tensor:
    """Cosines (k,) of gradients (k, p) and that of the main task, negative ones as 0; 1 for the main task itself."""
    from torch.nn.functional import cosine_similarity

    weights = cosine_similarity(gradients, gradients[main : main + 1], dim=1).clamp(min=0.0)
    weights[main] = 1.0
    return weights
