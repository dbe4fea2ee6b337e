"""A finished run: its record, its leaderboard and its model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autotransfer.data import Array
from autotransfer.record import from_json
from autotransfer.store import RunFolder
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
    """

    labels: Array
    probabilities: Array | None
    classes: tuple[str, ...] | None


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
        from autotransfer.loading.inference import read_rows
        from autotransfer.plugins import load_catalogue

        model = self.model(plugins)
        settings = self.record.settings
        options = (settings.get("label"), settings.get("text"))
        rows = read_rows(data, model.modality, model.columns, options, load_catalogue(plugins).hook)
        return as_predictions(model.predict(rows), model.classes)


def as_predictions(values: Array, classes: tuple[str, ...] | None) -> Predictions:
    """Raw model output with names."""
    if classes is None:
        return Predictions(values, None, None)
    return Predictions(np.asarray(classes, dtype=object)[values.argmax(1)], values, classes)
