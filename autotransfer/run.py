"""A finished run: its record, its leaderboard and its model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.record import from_json
from autotransfer.store import RunFolder
from autotransfer.task import SubTask
from autotransfer.trial import RunRecord, Verdict

if TYPE_CHECKING:
    import pandas as pd

    from autotransfer.model import FittedModel
    from autotransfer.problem import RawData


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a model says about n rows, in their order.

    :param labels: (n,) class names or values.
    :param probabilities: (n, n_classes), or None for values.
    :param classes: names of the probability columns, or None.
    :param tasks: of a model of several tasks, what it says of each: (name, predictions), in the order of the rows that
        are of that task. ``labels`` are (n, tasks) then where each row has all of them, else (n,); the others None.
    """

    labels: Array
    probabilities: Array | None
    classes: tuple[str, ...] | None
    tasks: tuple[tuple[str, Predictions], ...] = ()


@dataclass(frozen=True, eq=False)
class Run:
    """What ``fit`` returns, and what :meth:`load` finds on disk."""

    folder: Path
    record: RunRecord

    @classmethod
    def load(cls, folder: Path | str) -> Run:
        """The run in a folder. Raises ``InputError`` when there is none or it has not ended."""
        store = RunFolder.open(Path(folder))
        return cls(store.path, from_json(store.read_json()))

    @property
    def verdict(self) -> Verdict:
        """The answer."""
        return self.record.verdict

    @property
    def leaderboard(self) -> pd.DataFrame:
        """A row a trial, best first: the columns of ``leaderboard.csv``."""
        import io

        import pandas as pd

        from autotransfer.leaderboard import leaderboard_csv

        return pd.read_csv(io.StringIO(leaderboard_csv(self.record.leaderboard)))

    def model(self, plugins: Sequence[object] = ()) -> FittedModel:
        """The shipped model. ``plugins``: as given to ``fit``."""
        from autotransfer.model import load_model
        from autotransfer.plugins import load_catalogue

        return load_model(self.folder / "model", load_catalogue(plugins))

    def predict(self, data: str | Path | RawData | pd.DataFrame | Array, plugins: Sequence[object] = ()) -> Predictions:
        """Predict rows of the target's form: a path, a frame or an array; labels in it are ignored.

        Raises ``InputError`` when the rows do not fit the model.
        """
        from autotransfer.loading.inference import read_entries, read_rows
        from autotransfer.plugins import load_catalogue
        from autotransfer.problem import ReadOptions

        model = self.model(plugins)
        settings = self.record.settings
        if model.tasks:
            given = ReadOptions(settings.get("label"), settings.get("text"), task=settings.get("task"))
            about = (model.modality, model.columns, model.tasks)
            entries = read_entries(data, about, given, load_catalogue(plugins).hook)
            return of_tasks(entries, model.predict(entries), model.tasks)
        options = (settings.get("label"), settings.get("text"))
        rows = read_rows(data, model.modality, model.columns, options, load_catalogue(plugins).hook)
        return as_predictions(model.predict(rows), model.classes)


def as_predictions(values: Array, classes: tuple[str, ...] | None) -> Predictions:
    """Raw model output with names."""
    if classes is None:
        return Predictions(values, None, None)
    return Predictions(np.asarray(classes, dtype=object)[values.argmax(1)], values, classes)


def of_tasks(entries: Dataset, values: Array, tasks: tuple[SubTask, ...]) -> Predictions:
    """Raw model output for entries of several tasks, with names."""
    number = np.zeros(len(entries), np.int64) if entries.task is None else entries.task
    labels = np.empty(len(entries), dtype=object)
    found = []
    for index, task in enumerate(tasks):
        mine = number == index
        own = values[mine, 0] if task.classes is None else values[mine, : task.n_outputs]
        found.append((task.name, as_predictions(own, task.classes)))
        labels[mine] = found[-1][1].labels
    wide = labels if entries.row is None else labels.reshape(-1, len(tasks))
    return Predictions(wide, None, None, tuple(found))
