"""The continual demo: what tells two species of penguins apart learns the sex of a third, and is to keep both."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pandas as pd

from autotransfer.data import Modality
from autotransfer.demos.species_and_sex import MEASURES
from autotransfer.problem import RawData

_FILES: dict[str, dict[str, str | None]] = {
    "continual": {"penguins_gentoo.csv": None},
    "continual-test": {"penguins_gentoo_test.csv": None},
    "continual-species": {"penguins_adelie.csv": "Adelie", "penguins_chinstrap.csv": "Chinstrap"},
}
"""Name after ``demo:`` -> files, and the species that the label says; None: it says the sex."""


def species_then_sex(name: str) -> RawData:
    """``continual``: Gentoo, 20 labelled birds of each sex. ``continual-test``: the others of known sex.
    ``continual-species``: all Adelie and Chinstrap, by species. Features are the four body measurements."""
    parts = [_birds(file, species) for file, species in _FILES[name].items()]
    birds = pd.concat(parts, ignore_index=True)
    labels = np.array([None if pd.isna(label) else str(label) for label in birds["label"]], dtype=object)
    return RawData(name, Modality.TABLE, birds[MEASURES].astype(np.float64), labels, label="label")


def _birds(file: str, species: str | None) -> pd.DataFrame:
    with resources.files("autotransfer.demos").joinpath(file).open(encoding="utf-8") as stream:
        birds = pd.read_csv(stream)
    return birds[MEASURES].assign(label=birds["sex"] if species is None else species)
