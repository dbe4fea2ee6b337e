"""The multi-task demo: three things about a penguin, of which few birds tell more than one."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pandas as pd

from autotransfer.data import Modality
from autotransfer.demos.species_and_sex import FILES_OF_SPECIES
from autotransfer.problem import RawData

FEATURES = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]
TASKS = ("species", "sex", "body_mass_g")
_TRAIN, _KNOWN, _SEED = 90, 0.4, 1997


def several_labels(name: str) -> RawData:
    """``multitask``: 90 birds, each label known of two in five, and of each bird one at least. ``multitask-test``: the
    others, with all of their labels. Features are three body measurements; the weight is a task."""
    birds = pd.concat([_birds(file, species) for file, species in FILES_OF_SPECIES.items()], ignore_index=True)
    rng = np.random.default_rng(_SEED)
    order, known = rng.permutation(len(birds)), rng.random((_TRAIN, len(TASKS))) < _KNOWN
    known[np.arange(_TRAIN), rng.integers(len(TASKS), size=_TRAIN)] = True
    train = not name.endswith("-test")
    birds = birds.iloc[order[:_TRAIN] if train else order[_TRAIN:]].reset_index(drop=True)
    labels = [np.array(birds[task], np.float64 if task == TASKS[-1] else object) for task in TASKS]
    if train:
        for number, column in enumerate(labels):
            column[~known[:, number]] = np.nan if column.dtype != object else None
    also = tuple(zip(TASKS[1:], labels[1:], strict=True))
    return RawData(name, Modality.TABLE, birds[FEATURES].astype(np.float64), labels[0], label=TASKS[0], also=also)


def _birds(file: str, species: str) -> pd.DataFrame:
    with resources.files("autotransfer.demos").joinpath(file).open(encoding="utf-8") as stream:
        return pd.read_csv(stream).dropna(subset=["sex"]).assign(species=species)
