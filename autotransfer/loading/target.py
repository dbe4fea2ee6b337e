"""The target's own rows: labelled, unlabelled and test."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from autotransfer.data import Array, Dataset, concatenate
from autotransfer.errors import InputError
from autotransfer.loading.columns import useful_columns
from autotransfer.loading.duplicates import repeated, telling_keys
from autotransfer.loading.goal import Goal
from autotransfer.loading.heldout import split_off, test_share
from autotransfer.loading.inputs import Form, same_inputs
from autotransfer.loading.labels import class_indices, labeled, spelled
from autotransfer.loading.readings import Readings
from autotransfer.problem import RawData
from autotransfer.settings import Settings


@dataclass(frozen=True, eq=False)
class TargetRows:
    """:param train: labelled rows that are not test rows; may be empty."""

    form: Form
    train: Dataset
    unlabeled: Dataset | None
    test: Dataset | None
    notes: tuple[str, ...]

    def keys(self) -> Array:
        """Keys of all rows, those of parts whose rows say little left out."""
        parts = [part for part in (self.train, self.unlabeled, self.test) if part is not None]
        return np.concatenate([telling_keys(part) for part in parts])


def target_rows(read: Readings, goal: Goal, settings: Settings) -> TargetRows:
    """Raises ``InputError`` when no column is left, or when a test or unlabelled file does not go with the target."""
    has_label = labeled(read.target.labels, len(read.target.inputs))  # type: ignore[arg-type]
    form, rows, notes = _in_form(read.target, has_label, goal)
    train, more = rows.take(has_label), rows.take(~has_label).without_labels()
    unlabeled, unlabeled_notes = _unlabeled(more, read, form)
    if read.test is not None:
        test: Dataset | None
        test, test_notes = _test_file(read.test, form, goal)
    else:
        share = test_share(settings.test_size, 0 if _some_unseen(read.target, train, goal) else len(train))
        train, test = split_off(train, share, settings.seed, values=goal.classes is None)
        test_notes = () if test is None else (f"{rows.name}: {len(test)} labelled rows were set aside as the test set",)
    train, unlabeled_and_test = _apart(train, unlabeled, test)
    notes = (*notes, *unlabeled_notes, *test_notes, *unlabeled_and_test)
    return TargetRows(form, train, unlabeled, test, notes)


def _some_unseen(target: RawData, train: Dataset, goal: Goal) -> bool:
    """Whether classes are described that no row is of: test rows from among the labelled ones would not be, either."""
    return target.class_attributes is not None and len(np.unique(train.labels)) < len(goal.classes or ())


def encoded(labels: Array | None, goal: Goal, n: int) -> Array:
    """float64 values or int64 class indices of shape (n,); NaN or -1 where there is none (or no such class)."""
    if goal.classes is None:
        return np.full(n, np.nan) if labels is None or labels.dtype == object else labels
    return np.full(n, -1) if labels is None else class_indices(spelled(labels), goal.classes)


def _in_form(raw: RawData, has_label: Array, goal: Goal) -> tuple[Form, Dataset, tuple[str, ...]]:
    y = encoded(raw.labels, goal, len(has_label))
    rows = Dataset(raw.name, raw.modality, raw.inputs, y)  # type: ignore[arg-type]
    if not isinstance(raw.inputs, pd.DataFrame):
        return Form(rows.without_labels()), rows, ()
    kept, notes = useful_columns(raw.name, raw.inputs, has_label, y[has_label], values=goal.classes is None)
    rows = replace(rows, inputs=raw.inputs[kept])
    return Form(rows.without_labels(), frozenset(raw.inputs.columns) - frozenset(kept)), rows, notes


def _unlabeled(more: Dataset, read: Readings, form: Form) -> tuple[Dataset | None, tuple[str, ...]]:
    parts = [more] if len(more) else []
    notes: tuple[str, ...] = ()
    if read.unlabeled is not None:
        inputs, notes = same_inputs(read.unlabeled, form)
        parts.append(Dataset(more.name, more.modality, inputs))
    if not parts:
        return None, ()
    shapes = {np.shape(part.inputs)[1:] for part in parts}
    if len(shapes) > 1:
        raise InputError(f"{more.name}: the unlabelled rows differ in shape ({shapes}); bring them to one size")
    return concatenate(f"{more.name} (unlabelled)", parts), notes


def _test_file(raw: RawData, form: Form, goal: Goal) -> tuple[Dataset, tuple[str, ...]]:
    inputs, notes = same_inputs(raw, form)
    has_label = labeled(raw.labels, len(inputs))
    if not has_label.any():
        raise InputError(f"{raw.name}: the test file has no labels; add the label column, or leave --test out")
    y = encoded(raw.labels, goal, len(inputs))
    wrong = has_label & ((y == -1) if goal.classes is not None else np.isnan(y))
    if wrong.any():
        culprit = spelled(raw.labels[wrong])[0] if raw.labels is not None else None
        rule = "is no number" if goal.classes is None else "never occurs in the target"
        raise InputError(f"{raw.name}: the test label {culprit!r} {rule}; label target rows so, or remove those rows")
    if not has_label.all():
        notes = (*notes, f"{raw.name}: {(~has_label).sum()} test rows have no label; left out")
    return Dataset(raw.name, raw.modality, inputs, y).take(has_label), notes


def _apart(train: Dataset, unlabeled: Dataset | None, test: Dataset | None) -> tuple[Dataset, tuple[str, ...]]:
    """Training rows that are test rows too are dropped. Unlabelled ones stay: without a label they tell no answer."""
    if test is None:
        return train, ()
    keys = telling_keys(test)
    twice = repeated(train, keys)
    notes = []
    if twice.any():
        notes.append(f"{train.name}: {twice.sum()} training rows also stand in the test set; dropped from training")
    again = 0 if unlabeled is None else int(repeated(unlabeled, keys).sum())
    if again:
        notes.append(f"{train.name}: {again} unlabelled rows also stand in the test set; kept, as they show no label")
    return train.take(~twice), tuple(notes)
