"""The zero-shot demo: which species and sex a penguin is, two of the six pairs without a labelled bird."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pandas as pd

from autotransfer.data import Modality
from autotransfer.problem import RawData

MEASURES = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
UNSEEN = ("Chinstrap male", "Gentoo female")
FILES_OF_SPECIES = {
    "penguins_adelie.csv": "Adelie",
    "penguins_chinstrap.csv": "Chinstrap",
    "penguins_gentoo.csv": "Gentoo",
    "penguins_gentoo_test.csv": "Gentoo",
}
_TEST_SHARE = 1 / 3
_SEED = 2014


def species_and_sex(name: str) -> RawData:
    """``zeroshot``: two thirds of the birds of each pair of species and sex, those of :data:`UNSEEN` left out.
    ``zeroshot-test``: the other third, and all birds of :data:`UNSEEN`. Features are the four body measurements."""
    birds = pd.concat([_birds(file, species) for file, species in FILES_OF_SPECIES.items()], ignore_index=True)
    rng = np.random.default_rng(_SEED)
    place = birds.groupby("class")["class"].transform(lambda rows: rng.permutation(len(rows)) / len(rows))
    test = birds["class"].isin(UNSEEN).to_numpy() | (place.to_numpy(np.float64) < _TEST_SHARE)
    chosen = birds[test if name.endswith("-test") else ~test].reset_index(drop=True)
    labels = chosen["class"].to_numpy(dtype=object)
    return RawData(name, Modality.TABLE, chosen[MEASURES].astype(np.float64), labels, label="class")


def _birds(file: str, species: str) -> pd.DataFrame:
    with resources.files("autotransfer.demos").joinpath(file).open(encoding="utf-8") as stream:
        birds = pd.read_csv(stream).dropna(subset=["sex"])
    return birds[MEASURES].assign(**{"class": species + " " + birds["sex"].astype(str)})
