"""Quality of red and of white wine from 11 measurements (Cortez et al., Decision Support Systems 2009)."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd

from benchmarks.tasks.rows import Rows, split_labelled
from benchmarks.tasks.task import Parts, Recipe

LABELLED = 60
_OTHER = {"red": "white", "white": "red"}
_COLUMNS = [
    "fixed acidity",
    "volatile acidity",
    "citric acid",
    "residual sugar",
    "chlorides",
    "free sulfur dioxide",
    "total sulfur dioxide",
    "density",
    "pH",
    "sulphates",
    "alcohol",
    "quality",
]


def colour(data: Path, name: str) -> Rows:
    """Wines of one colour with their quality, 0 to 10."""
    table = pd.read_csv(data / "wine_quality" / f"winequality-{name}.csv", names=_COLUMNS)
    quality = table.pop("quality").to_numpy(dtype=float)
    return Rows(table, quality, label="quality")


def _load(target: str, data: Path, seed: int) -> Parts:
    train, test = split_labelled(colour(data, target), LABELLED, seed, regression=True)
    return Parts(train, test, {_OTHER[target]: colour(data, _OTHER[target])})


RECIPES = {name: Recipe(f"wine-{name}", partial(_load, name), metric="rmse") for name in _OTHER}
