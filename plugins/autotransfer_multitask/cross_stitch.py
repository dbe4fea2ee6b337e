"""A network for each task, layers stitched together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.method import Suggest
from autotransfer.nets import form_of
from autotransfer.nets.forms import Form, restore_form
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer.task import Context, Source, Task
from autotransfer_multitask.method import SharedNetwork, Weighing, common_settings, sets_of
from autotransfer_multitask.rows import Scales, TaskRows, gather, task_numbers

if TYPE_CHECKING:
    from torch import nn


@final
@dataclass(frozen=True, eq=False)
class Stitched(Predictor):
    """Columns of layers, one a task, and what each layer takes from the others.

    :param arrays: ``weight0`` (tasks, d, width), ``bias0`` (tasks, width), ``stitch0`` (tasks, tasks); the same with 1;
        ``weight2`` (tasks, width, outputs) and ``bias2``, the heads.
    """

    form: Form
    arrays: dict[str, Array]
    scales: Scales

    def predict(self, data: Dataset) -> Array:
        """Probabilities or values, (n, width)."""
        task, X = task_numbers(data), np.asarray(self.form.rows(data), np.float64)
        scores = np.zeros((len(X), self.scales.width))
        H = np.broadcast_to(X, (len(self.scales.classes), *X.shape))
        for layer in "01":
            given = np.maximum(H @ self.arrays[f"weight{layer}"] + self.arrays[f"bias{layer}"][:, None], 0.0)
            H = np.einsum("kj,jnw->knw", self.arrays[f"stitch{layer}"], given)
        for number in np.unique(task):
            mine = task == number
            scores[mine] = H[number, mine] @ self.arrays["weight2"][number] + self.arrays["bias2"][number]
        return self.scales.predictions(scores, task)

    def state(self) -> State:
        """Plain data."""
        return {"form": self.form.state(), "arrays": dict(self.arrays), "scales": self.scales.state()}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        arrays = {str(name): np.asarray(array) for name, array in state["arrays"].items()}
        return cls(restore_form(state["form"]), arrays, Scales.restore(state["scales"]))


@final
@dataclass(frozen=True)
class CrossStitch(SharedNetwork):
    """Misra, Shrivastava, Gupta and Hebert, "Cross-stitch networks for multi-task learning", CVPR 2016
    (arXiv:1604.03539): soft parameter sharing.

    Each task has layers of its own. After each, what goes on in a task's column is a learned combination of what all
    columns gave out, here one number for each pair of tasks and layer. The paper stitches two tasks whose networks were
    trained alone before; here any number of them is trained from the beginning.

    :param keep: what a column keeps of its own at the beginning, in (0, 1]; the others share the rest.
    """

    width: int = 32
    keep: float = 0.8

    name: ClassVar[str] = "cross_stitch"
    reference: ClassVar[str] = "Misra, Shrivastava, Gupta and Hebert, CVPR 2016, arXiv:1604.03539"
    predictor: ClassVar[type[Predictor]] = Stitched  # type: ignore[assignment]

    def fit(self, task: Task, source: Source | None, ctx: Context) -> Stitched:  # type: ignore[override]
        """Train all columns and their stitches."""
        from autotransfer.nets.plan import Group
        from autotransfer.nets.seeding import reproducible
        from autotransfer.nets.training import Turn, train
        from autotransfer_multitask.columns import Columns, loss_of

        rows = gather(task)
        form = form_of([rows.data])
        with reproducible(ctx.seed, ctx.device):
            X = form.rows(rows.data)
            columns = Columns(len(task.tasks), (X.shape[1], self.width, rows.scales.width), self.keep).to(ctx.device)
            stitches = list(columns.stitches)
            others = [p for p in columns.parameters() if all(p is not stitch for stitch in stitches)]
            loss = loss_of(columns, rows, ctx.device)
            turn = Turn(loss, [Group(others), Group(stitches, decay=0.0)])
            train(columns, [turn], sets_of(rows, X, ctx.device), self.plan(rows), ctx)
        return Stitched(form, columns.arrays(), rows.scales)

    def weighing(self, rows: TaskRows, ctx: Context) -> tuple[Weighing, list[nn.Parameter]]:
        """All tasks are alike."""
        return lambda view: view.losses.mean(), []

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field; widths are those of one column."""
        common = common_settings(suggest, widest=64)
        return cls(**common, keep=suggest.suggest_float("keep", 0.3, 1.0))
