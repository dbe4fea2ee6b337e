"""The zoo animals of the UCI repository (Forsyth, 1990): seven classes, any two or three of them unseen."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.describing.case import Case, part_of_each

NAMES = ("mammal", "bird", "reptile", "fish", "amphibian", "insect", "invertebrate")
COLUMNS = (
    *("hair", "feathers", "eggs", "milk", "airborne", "aquatic", "predator", "toothed"),
    *("backbone", "breathes", "venomous", "fins", "legs", "tail", "domestic", "catsize"),
)
KNOWN = (
    (1, 0, 0, 1, 0, 0, 0.5, 1, 1, 1, 0, 0, 4, 1, 0.5, 0.5),
    (0, 1, 1, 0, 1, 0, 0.5, 0, 1, 1, 0, 0, 2, 1, 0.5, 0),
    (0, 0, 1, 0, 0, 0, 1, 1, 1, 1, 0.5, 0, 4, 1, 0, 0),
    (0, 0, 1, 0, 0, 1, 0.5, 1, 1, 0, 0, 1, 0, 1, 0, 0),
    (0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 4, 0, 0, 0),
    (0.5, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0.5, 0, 6, 0, 0, 0),
    (0, 0, 1, 0, 0, 0.5, 0.5, 0, 0, 0, 0.5, 0, 4, 0, 0, 0),
)
"""What a schoolbook says of each class, 0.5 for "some do": written down for this benchmark, not counted from the rows,
as class means would tell of the unseen rows themselves."""


def animals(data: Path) -> list[Case]:
    """Two cases: all pairs, and all triples, of unseen classes."""
    table = pd.read_csv(data / "zoo" / "zoo.data")
    X, y = table[list(COLUMNS)].to_numpy(np.float32), table["type"].to_numpy(np.int64) - 1
    test, attributes = part_of_each(y, 0.25), np.array(KNOWN, np.float64)
    cases = []
    for size in (2, 3):
        splits = list(combinations(range(len(NAMES)), size))
        cases.append(Case(f"zoo animals, {size} of 7 unseen", X, y, attributes, splits, test))
    return cases
