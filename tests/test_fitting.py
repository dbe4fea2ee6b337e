"""What is learned from the source alone is learned once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.fitting import Fitter
from autotransfer.method import Suggest, TwoStageMethod
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task
from autotransfer.testing.toys import NearestMeans

LEARNED: list[int] = []
SEEN: list[float] = []


@dataclass(frozen=True)
class Counted(TwoStageMethod[float]):
    """Notes each learning, and the deadline of each adaptation."""

    name: ClassVar[str] = "counted"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS
    reference: ClassVar[str] = "standard practice"
    predictor: ClassVar[type[Predictor]] = NearestMeans

    def learn(self, task: Task, source: Source | None, ctx: Context) -> float:
        LEARNED.append(ctx.seed)
        return float(source.rows.X.mean())

    def adapt(self, learned: float, task: Task, ctx: Context) -> Predictor:
        SEEN.append(ctx.deadline)
        return NearestMeans(task.train.X + learned)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        return cls()


def test_one_learning_for_all_folds_with_the_same_source_rows() -> None:
    """Three fits with one array of source rows, then one with a copy of it: two learnings, and equal models."""
    LEARNED.clear()
    rows = Dataset("rows", Modality.FEATURES, np.arange(6.0).reshape(3, 2), np.arange(3))
    source, task = Source("source", Asset.SOURCE_INPUTS, rows), Task(rows, tuple("abc"))
    fitter = Fitter(Counted())
    found = [fitter.fit(task, source, Context(seed)) for seed in range(3)]
    found.append(fitter.fit(task, replace(source, data=rows.with_inputs(rows.X.copy())), Context(3)))
    assert LEARNED == [0, 3]
    whole = Counted().fit(task, source, Context(0))
    assert all(np.array_equal(model.means, whole.means) for model in found)


def test_the_pace_is_set_when_learning_is_over() -> None:
    SEEN.clear()
    rows = Dataset("rows", Modality.FEATURES, np.zeros((3, 2)), np.arange(3))
    source, task = Source("source", Asset.SOURCE_INPUTS, rows), Task(rows, tuple("abc"))
    Fitter(Counted()).fit(task, source, Context(0), lambda context: replace(context, deadline=5.0))
    assert SEEN == [5.0]
