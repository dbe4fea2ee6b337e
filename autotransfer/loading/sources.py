"""A source against the target: what it offers, or why it cannot be used."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.loading.duplicates import repeated
from autotransfer.loading.goal import Goal
from autotransfer.loading.inputs import Form, matched_inputs
from autotransfer.loading.sourcelabels import with_labels
from autotransfer.problem import RawData
from autotransfer.task import Source


@dataclass(frozen=True, eq=False)
class Match:
    """:param source: None when it cannot be used; ``reason`` says why."""

    name: str
    source: Source | None
    reason: str = ""
    notes: tuple[str, ...] = ()


def match_source(given: RawData | Source, form: Form, goal: Goal, held: Array) -> Match:
    """:param held: keys of the target's rows, which must not stand in a source."""
    if isinstance(given, Source):
        return _match_model(given, form, held)
    try:
        inputs, _, notes = matched_inputs(given, form)
    except InputError as error:
        return _other_columns(given, form, goal, str(error))
    rows = Dataset(given.name, given.modality, inputs, captions=given.captions)
    if len(rows) == 0:
        return Match(given.name, None, f"{given.name}: it has no rows")
    twice = repeated(rows, held)
    if twice.all():
        return Match(
            given.name, None, f"{given.name}: all of its {len(rows)} rows also stand in the target", notes=notes
        )
    notes = (*notes, *_dropped(given.name, twice))
    labels = None if given.labels is None else given.labels[~twice]
    source, more = with_labels(rows.take(~twice), labels, given.class_names, goal)
    if given.captions is not None:
        source = replace(source, offers=source.offers | Asset.PAIRS)
    return Match(given.name, source, notes=(*notes, *more))


def _other_columns(given: RawData, form: Form, goal: Goal, reason: str) -> Match:
    """Labelled rows whose columns have nothing to do with the target's serve the methods that map both elsewhere."""
    inputs = given.inputs
    numbers = isinstance(inputs, np.ndarray) and given.modality is Modality.FEATURES
    if given.modality is not form.like.modality or not (numbers or isinstance(inputs, pd.DataFrame)):
        return Match(given.name, None, reason)
    rows = Dataset(given.name, given.modality, inputs)  # type: ignore[arg-type]  # one of the two, as was just asked
    source, notes = with_labels(rows, given.labels, given.class_names, goal)
    if len(rows) == 0 or Asset.SHARED_LABELS not in source.offers:
        return Match(given.name, None, reason)
    offers = source.offers & ~Asset.SOURCE_INPUTS | Asset.OTHER_COLUMNS
    note = f"{reason}; as it is, it only serves methods for sources with columns of their own"
    return Match(given.name, replace(source, offers=offers), notes=(note, *notes))


def _dropped(name: str, twice: Array) -> tuple[str, ...]:
    count = int(twice.sum())
    return (f"{name}: {count} of its {len(twice)} rows also stand in the target or its test set; dropped here",) * (
        count > 0
    )


def _match_model(source: Source, form: Form, held: Array) -> Match:
    refusal = None if source.encoder is None else source.encoder.refuses(form.like)
    if refusal is not None:
        return Match(source.name, None, f"{source.name}: {refusal}")
    if source.modality not in (None, form.like.modality):
        return Match(source.name, None, f"{source.name}: takes {source.modality} rows, not {form.like.modality}")
    if source.data is None:
        return Match(source.name, source)
    reason = _data_refusal(source.data, form.like)
    if reason is not None:
        return Match(source.name, None, f"{source.name}: {reason}")
    twice = repeated(source.data, held)
    if twice.all():
        return Match(source.name, None, f"{source.name}: all of its rows also stand in the target")
    offered = source.offers | Asset.SOURCE_INPUTS
    notes = _dropped(source.name, twice)
    return Match(source.name, replace(source, data=source.data.take(~twice), offers=offered), notes=notes)


def _data_refusal(data: Dataset, like: Dataset) -> str | None:
    if data.modality is not like.modality:
        return f"holds {data.modality} rows, the target {like.modality}"
    if isinstance(data.inputs, pd.DataFrame) and isinstance(like.inputs, pd.DataFrame):
        if list(data.inputs.columns) != list(like.inputs.columns):
            return "its columns are not the target's; give the rows as RawData to have them matched"
        return None
    if data.inputs.ndim == 2 and np.shape(data.inputs)[1:] != np.shape(like.inputs)[1:]:
        return f"has rows of shape {np.shape(data.inputs)[1:]}, the target {np.shape(like.inputs)[1:]}"
    return None
