"""What is to be predicted: values, or which classes in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.loading.kind import holds_values
from autotransfer.loading.labels import class_order, labeled, spelled
from autotransfer.problem import RawData
from autotransfer.readers.tidy import as_numbers


@dataclass(frozen=True)
class Goal:
    """:param classes: class names in order; None for regression."""

    classes: tuple[str, ...] | None
    notes: tuple[str, ...] = ()


def find_goal(target: RawData, sources: Sequence[RawData], metric: str | None) -> Goal:
    """From the target's labels; where it has none, from its class names or from the sources' labels.

    Raises ``InputError`` when all labels are the same or when nothing says what is to be predicted.
    """
    stated = None if target.class_names is None else tuple(spelled(np.array(target.class_names, dtype=object)))
    if stated is not None and len(set(stated)) < len(stated):
        raise InputError(f"{target.name}: class_names hold a name twice; make them differ")
    if target.labels is None or not labeled(target.labels, len(target.labels)).any():
        return _without_labels(target, stated, sources, metric)
    present = target.labels[labeled(target.labels, len(target.labels))]
    if stated is None and metric is None:
        _refuse_mixed(target.name, present)
    if stated is None and holds_values(target.name, target.labels, metric):
        if len(np.unique(present)) == 1:
            raise InputError(f"{target.name}: every label is {present[0]:g}; regression needs labels that vary")
        return Goal(
            None, (f"{target.name}: labels are values (regression); a metric such as accuracy makes them classes",)
        )
    classes = _classes(target.name, set(spelled(present)), stated)
    doubtful = stated is None and metric is None and target.labels.dtype != object and len(classes) > 2
    note = f"{target.name}: {len(classes)} different numbers are read as classes; --metric rmse makes them values"
    return Goal(classes, (note,) if doubtful else ())


def _refuse_mixed(name: str, labels: Array) -> None:
    """A slip of the pen among many different numbers would make each of them a class."""
    if labels.dtype != object:
        return
    numbers = as_numbers(labels)
    words = labels[np.isnan(numbers)]
    numbers = numbers[~np.isnan(numbers)]
    if len(numbers) >= len(labels) / 2 and len(words) and holds_values(name, numbers):
        raise InputError(
            f"{name}: the labels are {len(numbers)} numbers and {len(words)} words such as {words[0]!r}; correct "
            "or empty the words, or give --metric accuracy if each number is a class"
        )


def _classes(name: str, found: set[str], stated: tuple[str, ...] | None) -> tuple[str, ...]:
    if len(found) < 2:
        raise InputError(f"{name}: every labelled row is of class {found.pop()!r}; label rows of at least two classes")
    unknown = sorted(found - set(stated or found))
    if unknown:
        raise InputError(f"{name}: label {unknown[0]!r} is not among the class_names; add it there or correct it")
    return stated or class_order(found)


def _without_labels(
    target: RawData, stated: tuple[str, ...] | None, sources: Sequence[RawData], metric: str | None
) -> Goal:
    note = f"{target.name}: no row has a label; scores are estimates without labels"
    if stated is not None:
        return Goal(stated, (note,))
    known = [raw for raw in sources if raw.labels is not None and labeled(raw.labels, len(raw.labels)).any()]
    if not known:
        raise InputError(
            f"{target.name}: no row has a label and no source says what to predict; label at least 10 rows, or add a "
            "labelled source"
        )
    kinds = {holds_values(raw.name, raw.labels, metric) for raw in known if raw.labels is not None}
    if kinds == {True}:
        return Goal(None, (note,))
    sets = [set(spelled(raw.labels)) - {None} for raw in known if raw.labels is not None]
    common = set.intersection(*sets)
    chosen = common if len(common) >= 2 else sets[0]
    if len(chosen) < 2:
        raise InputError(f"{known[0].name}: every row is of one class; the label-free target needs sources with two")
    return Goal(class_order(chosen), (note,))
