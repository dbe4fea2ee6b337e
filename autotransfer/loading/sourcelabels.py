"""A source's labels in the target's terms, or in its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset
from autotransfer.loading.columns import listed
from autotransfer.loading.goal import Goal
from autotransfer.loading.kind import holds_values
from autotransfer.loading.labels import class_indices, class_order, labeled, spelled
from autotransfer.task import Source

_LABELED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS


def with_labels(
    rows: Dataset, labels: Array | None, names: tuple[str, ...] | None, goal: Goal
) -> tuple[Source, tuple[str, ...]]:
    """The source with as much of its labels as is of use, and notes.

    Values serve a target with values. Classes are shared when at least two of them are the target's; rows of others are
    then left out. Otherwise they stay the source's own.

    :param names: order of the source's classes, when its file states one.
    """
    has_label = labeled(labels, len(rows))
    if labels is None or not has_label.any():
        return Source(rows.name, Asset.SOURCE_INPUTS, rows), ()
    values = labels.dtype != object if goal.classes is None else False
    if goal.classes is None and not values:
        return _inputs_only(rows, "its labels are classes, the target's are values")
    kept, kept_labels = rows.take(has_label), labels[has_label]
    missing = int((~has_label).sum())
    notes = (f"{rows.name}: {missing} rows without a label were left out",) if missing else ()
    if values:
        source = Source(rows.name, _LABELED | Asset.SHARED_LABELS, _labeled(kept, kept_labels))
        return source, notes
    found, more = _classes(rows, kept, kept_labels, names, goal)
    return found, (notes if found.offers & Asset.SOURCE_LABELS else ()) + more


def _classes(
    rows: Dataset, kept: Dataset, labels: Array, names: tuple[str, ...] | None, goal: Goal
) -> tuple[Source, tuple[str, ...]]:
    spelling, target = spelled(labels), goal.classes or ()
    present = set(spelling)
    if len(present & set(target)) >= 2:
        return _shared(kept, spelling, target)
    if names is None and holds_values(rows.name, labels):
        return _inputs_only(rows, "its labels are values, the target's are classes")
    if len(present) < 2:
        return _inputs_only(rows, f"all of its labels are {spelling[0]!r}")
    stated = () if names is None else spelled(np.array(names, dtype=object))
    own = tuple(name for name in stated if name in present) or class_order(present)
    own += class_order(present - set(own))
    source = Source(rows.name, _LABELED, _labeled(kept, class_indices(spelling, own)), own)
    return source, (f"{rows.name}: its classes {listed(list(own))} are not the target's; used as another task",)


def _shared(kept: Dataset, spelling: Array, target: tuple[str, ...]) -> tuple[Source, tuple[str, ...]]:
    y = class_indices(spelling, target)
    known = y >= 0
    notes = []
    if not known.all():
        others = list(class_order(spelling[~known]))
        notes.append(
            f"{kept.name}: {(~known).sum()} rows of classes that the target lacks were left out: {listed(others)}"
        )
    absent = [name for name in target if name not in set(spelling)]
    if absent:
        notes.append(f"{kept.name}: has no rows of the target's classes {listed(absent)}")
    data = _labeled(kept.take(known), y[known])
    return Source(kept.name, _LABELED | Asset.SHARED_LABELS, data, target), tuple(notes)


def _labeled(rows: Dataset, y: Array) -> Dataset:
    return replace(rows, y=y)


def _inputs_only(rows: Dataset, why: str) -> tuple[Source, tuple[str, ...]]:
    return Source(rows.name, Asset.SOURCE_INPUTS, rows), (
        f"{rows.name}: {why}; only its rows are used, not its labels",
    )
