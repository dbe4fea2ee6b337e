"""The rows to train on: read, told apart into classes, and a part held out to measure on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.errors import InputError
from autotransfer.loading import resolve_data
from autotransfer.loading.heldout import split_off
from autotransfer.loading.labels import class_indices, class_order, labeled, spelled
from autotransfer.pretraining.recipe import Recipe
from autotransfer.problem import RawData, ReadOptions

HELD_OUT = 0.05
"""Share of the labelled rows that nothing is trained on."""
FEWEST = 16


@final
@dataclass(frozen=True, eq=False)
class TrainingRows:
    """:param train: with class numbers, -1 for rows without a label. :param held: labelled rows; may be empty."""

    train: Dataset
    held: Dataset
    classes: tuple[str, ...]
    notes: tuple[str, ...]


def read_rows(uri: str, recipe: Recipe, options: ReadOptions, seed: int, hook: Any) -> TrainingRows:
    """Rows for a recipe. Raises ``InputError`` when they are of another modality, too few or lack the labels."""
    raw = resolve_data(uri, options, hook)
    if raw.modality is not recipe.modality:
        raise InputError(
            f"{uri}: holds {raw.modality} rows, the recipe {recipe.name} takes {recipe.modality}; choose another recipe"
        )
    inputs = np.asarray(raw.inputs)
    if len(inputs) < FEWEST:
        raise InputError(f"{uri}: {len(inputs)} rows are too few to train on; give at least {FEWEST}")
    y, classes = _labels(raw, len(inputs))
    if recipe.labels and len(classes) < 2:
        raise InputError(f"{uri}: the recipe {recipe.name} needs labels of at least two classes; label rows so")
    data = Dataset(raw.name, raw.modality, inputs, y)
    known = y >= 0
    train, held = split_off(data.take(known), HELD_OUT if len(classes) > 1 else 0.0, seed, values=False)
    rest = data.take(~known)
    if len(rest) and not recipe.labels:
        train = Dataset(raw.name, raw.modality, *(np.concatenate(pair) for pair in _pairs(train, rest)))
    return TrainingRows(train, data.take(np.arange(0)) if held is None else held, classes, raw.notes)


def _labels(raw: RawData, n: int) -> tuple[Array, tuple[str, ...]]:
    present = labeled(raw.labels, n)
    if raw.labels is None or not present.any():
        return np.full(n, -1), ()
    names = spelled(raw.labels)
    classes = class_order(set(names[present]))
    return class_indices(names, classes), classes


def _pairs(one: Dataset, other: Dataset) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    return (np.asarray(one.inputs), np.asarray(other.inputs)), (one.labels, other.labels)
