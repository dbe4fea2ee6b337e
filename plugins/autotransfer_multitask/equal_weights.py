"""Hard sharing, all tasks alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.task import Context
from autotransfer_multitask.method import SharedNetwork, Weighing, common_settings
from autotransfer_multitask.rows import TaskRows

if TYPE_CHECKING:
    from torch import nn


@final
@dataclass(frozen=True)
class EqualWeights(SharedNetwork):
    """Caruana, "Multitask learning", Machine Learning 28, 1997, https://doi.org/10.1023/A:1007379606734: the tasks
    share their hidden layers, and the mean of their losses is made small.

    Losses are those of standardised values and of classes, so that no unit decides whose task counts.
    """

    name: ClassVar[str] = "equal_weights"
    always: ClassVar[bool] = True
    reference: ClassVar[str] = "Caruana, Machine Learning 28, 1997, https://doi.org/10.1023/A:1007379606734"

    def weighing(self, rows: TaskRows, ctx: Context) -> tuple[Weighing, list[nn.Parameter]]:
        """The mean of the losses."""
        return lambda view: view.losses.mean(), []

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest))
