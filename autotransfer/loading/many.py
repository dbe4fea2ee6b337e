"""A target with several tasks: label columns side by side, or a column that tells which task a row is labelled for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from autotransfer.data import Array, Dataset
from autotransfer.entries import entries_of, rows_of, strata
from autotransfer.errors import InputError
from autotransfer.loading.columns import listed, useful_columns
from autotransfer.loading.duplicates import repeated, telling_keys
from autotransfer.loading.heldout import test_share
from autotransfer.loading.inputs import Form, same_inputs
from autotransfer.loading.labels import class_indices
from autotransfer.loading.readings import Readings
from autotransfer.loading.subtasks import Labels, encode, read_labels, sub_tasks
from autotransfer.problem import Problem, RawData
from autotransfer.settings import Settings
from autotransfer.task import SubTask

MIN_LABELED = 10


@dataclass(frozen=True, eq=False)
class _Target:
    """The target's rows in the columns that are kept, what is known of them, and the tasks that are left."""

    form: Form
    labels: Labels
    y: Array
    tasks: tuple[SubTask, ...]
    notes: tuple[str, ...]


def many_tasks(read: Readings, settings: Settings) -> Problem:
    """The problem, an entry for each row and known label. Raises ``InputError`` as ``load_problem`` does."""
    _refuse(read, settings)
    target = _target(read.target, settings)
    train = expanded(target.form.like, target.labels, target.y)
    test: Dataset | None = None
    notes: tuple[str, ...] = ()
    if read.test is not None:
        test, notes = _test_file(read.test, target, settings)
        twice = np.isin(rows_of(train), np.flatnonzero(repeated(target.form.like, telling_keys(_rows_of(test)))))
        if twice.any():
            train, notes = train.take(~twice), (*notes, f"{train.name}: training rows of the test set were dropped")
    else:
        train, test = _split_off(train, settings)
        rows = 0 if test is None else len(np.unique(rows_of(test)))
        notes = (f"{train.name}: {rows} labelled rows were set aside as the test set",) if rows else ()
    n = len(np.unique(rows_of(train)))
    if n < MIN_LABELED:
        raise InputError(f"{train.name}: {n} labelled rows are left for training, at least {MIN_LABELED} are needed")
    tasks = with_spreads(train, target.tasks)
    notes = (*read.notes, *target.notes, *notes)
    return Problem(read.target.name, train, None, test=test, notes=notes, tasks=tasks)


def expanded(rows: Dataset, labels: Labels, y: Array) -> Dataset:
    """An entry for each row and label."""
    return replace(rows.take(labels.row), y=y, task=labels.task, row=labels.row)


def _refuse(read: Readings, settings: Settings) -> None:
    for option, given in (("source", read.sources), ("unlabeled", read.unlabeled), ("classes", settings.classes)):
        if given:
            words = "no method for several tasks uses it yet; leave it out"
            raise InputError(f"--{option}: {read.target.name} has several tasks, and {words}")


def _target(raw: RawData, settings: Settings) -> _Target:
    found = read_labels(raw, long=settings.task is not None)
    kinds = sub_tasks(raw.name, found, settings.metric)
    kept = [number for number, task in enumerate(kinds) if task is not None]
    if len(kept) < 2:
        raise InputError(f"{raw.name}: {len(kept)} tasks have labels that vary; name two or more, or one label column")
    gone = [name for number, name in enumerate(found.names) if number not in kept]
    notes = [f"{raw.name}: tasks whose labels do not vary were left out: {listed(gone)}"] if gone else []
    here = np.isin(found.task, kept)
    number = np.searchsorted(kept, found.task[here])
    names = tuple(found.names[task] for task in kept)
    labels = Labels(names, found.row[here], number, found.labels[here], found.long)
    tasks = tuple(task for task in kinds if task is not None)
    y = encode(raw.name, labels, tasks)
    values = sum(task.classes is None for task in tasks)
    notes.append(f"{raw.name}: {len(tasks)} tasks, {values} with values and {len(tasks) - values} with classes")
    if not isinstance(raw.inputs, pd.DataFrame):
        return _Target(Form(Dataset(raw.name, raw.modality, raw.inputs)), labels, y, tasks, tuple(notes))  # type: ignore[arg-type]
    frame, more = _useful(raw.name, raw.inputs, labels, y, tasks)
    form = Form(Dataset(raw.name, raw.modality, frame), frozenset(raw.inputs.columns) - frozenset(frame.columns))
    return _Target(form, labels, y, tasks, (*notes, *more))


def _useful(
    name: str, frame: pd.DataFrame, labels: Labels, y: Array, tasks: Sequence[SubTask]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Columns that vary and repeat no task's label; where a column tells the task, tasks of one kind count as one."""
    of_values = np.array([task.classes is None for task in tasks])
    groups = [of_values, ~of_values] if labels.long else list(np.eye(len(tasks), dtype=bool))
    notes: tuple[str, ...] = ()
    for group in groups:
        here = group[labels.task]
        if here.any():
            rows = np.isin(np.arange(len(frame)), labels.row[here])
            values = bool(of_values[group].all())
            kept, more = useful_columns(name, frame, rows, y[here] if values else y[here].astype(int), values=values)
            frame, notes = frame[kept], (*notes, *more)
    return frame, notes


def _test_file(raw: RawData, target: _Target, settings: Settings) -> tuple[Dataset, tuple[str, ...]]:
    inputs, notes = same_inputs(raw, target.form)
    found = read_labels(raw, long=settings.task is not None)
    number = class_indices(np.array(found.names, dtype=object), tuple(task.name for task in target.tasks))
    if found.long and (number < 0).any():
        unknown = found.names[int(np.argmin(number))]
        raise InputError(f"{raw.name}: task {unknown!r} never occurs in the target; label rows for it, or remove it")
    here = number[found.task] >= 0
    labels = Labels(found.names, found.row[here], number[found.task][here], found.labels[here], found.long)
    if not len(labels.row):
        raise InputError(f"{raw.name}: the test file has no labels; add the label columns, or leave --test out")
    rows = Dataset(raw.name, raw.modality, inputs)
    return expanded(rows, labels, encode(raw.name, labels, target.tasks)), notes


def _rows_of(data: Dataset) -> Dataset:
    """Each row once."""
    return data.take(np.unique(rows_of(data), return_index=True)[1])


def _split_off(train: Dataset, settings: Settings) -> tuple[Dataset, Dataset | None]:
    """Training and test entries. Rows are sorted by task and label, equals shuffled, and picked at equal steps."""
    found, place = strata(train)
    share = test_share(settings.test_size, len(found))
    if share == 0:
        return train, None
    order = np.lexsort((np.random.default_rng(settings.seed).random(len(found)), found))
    steps = np.floor(np.arange(len(found) + 1) * share + 0.5)
    picked = entries_of(place, order[np.diff(steps) > 0])
    if not len(picked):
        raise InputError(f"{train.name}: --test-size {share} of {len(found)} labelled rows is none; make it larger")
    mask = np.isin(np.arange(len(train)), picked)
    return train.take(~mask), train.take(mask)


def with_spreads(train: Dataset, tasks: Sequence[SubTask]) -> tuple[SubTask, ...]:
    """The tasks, those with values knowing how far the training values of their space spread."""
    spaces = np.array([task.space for task in tasks])[train.task]
    spreads = {space: float(train.labels[spaces == space].std()) or 1.0 for space in np.unique(spaces)}
    return tuple(task if task.classes else replace(task, spread=spreads.get(task.space, 1.0)) for task in tasks)
