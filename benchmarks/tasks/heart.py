"""Heart disease in four hospitals (Detrano et al., American Journal of Cardiology 1989; UCI 45): 13 features."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.tasks.rows import Rows, split_labelled
from benchmarks.tasks.task import Parts, Recipe

HOSPITALS = ("cleveland", "hungarian", "switzerland", "va")
LABELLED = 40
_COLUMNS = [
    "age",
    "sex",
    "cp",
    "trestbps",
    "chol",
    "fbs",
    "restecg",
    "thalach",
    "exang",
    "oldpeak",
    "slope",
    "ca",
    "thal",
    "num",
]


def hospital(data: Path, name: str) -> Rows:
    """Patients of one hospital, ``healthy`` or with ``disease``."""
    path = data / "heart_disease_4hospitals" / f"processed.{name}.data"
    table = pd.read_csv(path, names=_COLUMNS, na_values="?")
    sick = np.where(table.pop("num") > 0, "disease", "healthy")
    return Rows(table, sick, label="num")


def _load(target: str, data: Path, seed: int) -> Parts:
    train, test = split_labelled(hospital(data, target), LABELLED, seed)
    return Parts(train, test, {name: hospital(data, name) for name in HOSPITALS if name != target})


RECIPES = {name: Recipe(f"heart-{name}", partial(_load, name)) for name in HOSPITALS}
