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


def people(data: Path) -> pd.DataFrame:
    """All answers, the income among them."""
    path = data / "adult_census" / "adult-train.csv.gz"
    return pd.read_csv(path, names=_COLUMNS, na_values="?", skipinitialspace=True)


def group(table: pd.DataFrame, column: str, value: str) -> Rows:
    """The people with this answer, the answer itself left out."""
    chosen = table[table[column] == value].drop(columns=column)
    return Rows(chosen.drop(columns="income"), chosen.income.to_numpy(), label="income")


def _load(data: Path, seed: int) -> Parts:
    table = people(data)
    groups = {name: group(table, "workclass", name) for name in (TARGET, *SOURCES)}
    train, test = split_labelled(groups.pop(TARGET), LABELLED, seed)
    return Parts(train, test, groups)


ADULT = Recipe("adult-self-employed", _load)
