"""Rows to predict, in the form that a fitted model takes. Labels in them are neither needed nor looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from autotransfer.data import Array, Dataset, Inputs, Modality
from autotransfer.errors import InputError
from autotransfer.loading.columns import listed
from autotransfer.loading.labels import class_indices, spelled
from autotransfer.loading.plain import plain_data
from autotransfer.loading.resolve import resolve_data
from autotransfer.problem import RawData, ReadOptions
from autotransfer.readers.tabular import from_frame
from autotransfer.task import SubTask

Rows: TypeAlias = "str | Path | RawData | pd.DataFrame | Array"


def read_rows(
    data: Rows,
    modality: Modality,
    columns: tuple[str, ...] | None,
    options: tuple[str | None, str | None],
    hook: Any,
) -> Dataset:
    """The rows, in their order; those of an image folder in the order of their paths.

    :param modality: what the model was fitted on.
    :param columns: its feature columns, of a table by name; other columns are ignored. None for texts and images.
    :param options: label and text column, as they were given to ``fit``.
    :param hook: pluggy relay with ``read_dataset(uri=, options=)``.
    :raises InputError: the rows cannot be read, or are not what the model takes.
    """
    like = ReadOptions(options[0], options[1], like=columns or ())
    raw = _as_texts(data, _read(data, modality, columns, like, hook), modality, like, hook)
    if raw.modality is not modality:
        raise InputError(f"{raw.name}: holds {raw.modality} rows, the model was fitted on {modality}; give the same")
    return Dataset(raw.name, modality, _inputs(raw, columns))


def read_entries(
    data: Rows, model: tuple[Modality, tuple[str, ...] | None, tuple[SubTask, ...]], options: ReadOptions, hook: Any
) -> Dataset:
    """The same for a model of several tasks: an entry for each row and task, or, where ``options.task`` names the
    column that tells it, for each row.

    :param model: its modality, columns and tasks.
    :param options: label, text and task column, as they were given to ``fit``.
    :raises InputError: also for a task that the model does not have.
    """
    modality, columns, tasks = model
    like = replace(options, like=columns or ())
    raw = _as_texts(data, _read(data, modality, columns, like, hook), modality, like, hook)
    if raw.modality is not modality:
        raise InputError(f"{raw.name}: holds {raw.modality} rows, the model was fitted on {modality}; give the same")
    rows = Dataset(raw.name, modality, _inputs(raw, columns))
    if options.task is None:
        each = np.repeat(np.arange(len(rows)), len(tasks))
        return replace(rows.take(each), task=np.tile(np.arange(len(tasks)), len(rows)), row=each)
    if not raw.also:
        raise InputError(f"{raw.name}: no column {options.task!r} says which task each row is of; give a table with it")
    names = spelled(raw.also[0][1])
    task = class_indices(names, tuple(one.name for one in tasks))
    if (task < 0).any():
        raise InputError(f"{raw.name}: the model has no task {names[task < 0][0]!r}; it has {len(tasks)} others")
    return replace(rows, task=task)


def _read(data: Rows, modality: Modality, columns: tuple[str, ...] | None, options: ReadOptions, hook: Any) -> RawData:
    if isinstance(data, str | Path):
        return resolve_data(data, options, hook)
    if isinstance(data, RawData):
        return plain_data(replace(data, labels=None))
    if isinstance(data, pd.DataFrame):
        return _from_frame(data, modality, columns, options)
    if modality is Modality.TABLE:
        raise InputError(f"rows: the model was fitted on a table; give a DataFrame with the columns {_names(columns)}")
    return plain_data(RawData("rows", modality, np.asarray(data)))


def _from_frame(
    frame: pd.DataFrame, modality: Modality, columns: tuple[str, ...] | None, options: ReadOptions
) -> RawData:
    if modality is Modality.FEATURES:
        return plain_data(RawData("rows", modality, frame.to_numpy()))
    frame = frame.set_axis([str(column) for column in frame.columns], axis=1)
    if not frame.columns.is_unique:
        raise InputError("rows: two columns have the same name; rename one of them")
    if modality is Modality.TABLE:
        known = [column for column in frame.columns if column in set(columns or ())]
        task = () if options.task not in frame else ((str(options.task), frame[options.task].to_numpy(dtype=object)),)
        return plain_data(RawData("rows", modality, frame[known], also=task))
    return from_frame("rows", frame, options)


def _as_texts(data: Rows, raw: RawData, modality: Modality, options: ReadOptions, hook: Any) -> RawData:
    """A few short texts look like a table of categories: the column is then read again as what it is."""
    table = raw.inputs
    if modality is not Modality.TEXT or not isinstance(table, pd.DataFrame):
        return raw
    if table.shape[1] != 1:
        wanted = f"no column {options.text!r}" if options.text else f"{table.shape[1]} columns"
        raise InputError(f"{raw.name}: {wanted}, the model was fitted on one column of texts; give that column alone")
    return _read(data, modality, None, replace(options, text=str(table.columns[0])), hook)


def _inputs(raw: RawData, columns: tuple[str, ...] | None) -> Inputs:
    inputs = raw.inputs
    if isinstance(inputs, pd.DataFrame):
        missing = [column for column in columns or () if column not in inputs.columns]
        if missing:
            raise InputError(
                f"{raw.name}: lacks the model's columns {listed(missing)}; add them (cells may be left empty)"
            )
        return inputs[list(columns or ())]
    if not isinstance(inputs, np.ndarray):
        raise TypeError(f"{raw.name}: {raw.modality} rows must be an array")
    if raw.modality is Modality.IMAGE and inputs.dtype == object:
        if raw.notes:  # a row left out here would shift all answers after it
            raise InputError(f"{raw.notes[0]}; remove those files, so that every image gets its answer")
        return np.sort(inputs)
    if raw.modality is Modality.FEATURES and columns is not None and inputs.shape[1] != len(columns):
        raise InputError(f"{raw.name}: has {inputs.shape[1]} features a row, the model takes {len(columns)}")
    return inputs


def _names(columns: tuple[str, ...] | None) -> str:
    return listed(list(columns or ()))
