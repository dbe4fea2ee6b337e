"""Income above 50,000 dollars from census answers (Kohavi, KDD 1996); the class of worker is the domain."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks.tasks.rows import Rows, split_labelled
from benchmarks.tasks.task import Parts, Recipe

LABELLED = 60
TARGET = "Self-emp-inc"
SOURCES = ("Self-emp-not-inc", "Local-gov", "State-gov", "Federal-gov")
_COLUMNS = [
    "age",
    "workclass",
    "fnlwgt",
    "education",
    "education-num",
    "marital-status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "capital-gain",
    "capital-loss",
    "hours-per-week",
    "native-country",
    "income",
]


def _load(data: Path, seed: int) -> Parts:
    path = data / "adult_census" / "adult-train.csv.gz"
    table = pd.read_csv(path, names=_COLUMNS, na_values="?", skipinitialspace=True)
    groups = {}
    for name in (TARGET, *SOURCES):
        group = table[table.workclass == name].drop(columns="workclass")
        groups[name] = Rows(group.drop(columns="income"), group.income.to_numpy(), label="income")
    train, test = split_labelled(groups.pop(TARGET), LABELLED, seed)
    return Parts(train, test, groups)


ADULT = Recipe("adult-self-employed", _load)
