"""Rows of another data set in the form of the target's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from autotransfer.data import Dataset, Inputs, Modality
from autotransfer.errors import InputError
from autotransfer.loading.align import align_frame
from autotransfer.loading.columns import listed
from autotransfer.problem import RawData


@dataclass(frozen=True, eq=False)
class Form:
    """The target's form.

    :param like: the target's rows in the columns that are kept.
    :param dropped: columns that the target had and lost.
    """

    like: Dataset
    dropped: frozenset[str] = frozenset()


def matched_inputs(raw: RawData, form: Form) -> tuple[Inputs, tuple[str, ...], tuple[str, ...]]:
    """The inputs, the target's columns that they lack, and notes.

    Raises ``InputError`` when the forms do not go together.
    """
    like, inputs = form.like.inputs, raw.inputs
    if raw.modality is not form.like.modality:
        raise InputError(f"{raw.name}: holds {raw.modality} rows, the target {form.like.modality}; give the same form")
    if isinstance(like, pd.DataFrame):
        if not isinstance(inputs, pd.DataFrame):
            raise TypeError(f"{raw.name}: table rows must be a DataFrame")
        aligned = align_frame(raw.name, inputs, like, form.dropped)
        if len(aligned.missing) == like.shape[1]:
            raise InputError(
                f"{raw.name}: shares no column with the target, which has {listed(list(like.columns))}; "
                "rename its columns"
            )
        return aligned.frame, aligned.missing, aligned.notes
    if not isinstance(inputs, np.ndarray):
        raise TypeError(f"{raw.name}: {raw.modality} rows must be an array")
    if raw.modality is Modality.FEATURES and inputs.shape[1] != like.shape[1]:
        raise InputError(
            f"{raw.name}: has {inputs.shape[1]} features a row, the target {like.shape[1]}; give the same features"
        )
    return inputs, (), ()


def same_inputs(raw: RawData, form: Form) -> tuple[Inputs, tuple[str, ...]]:
    """As :func:`matched_inputs`, for rows of the target itself: no column may be missing."""
    inputs, missing, notes = matched_inputs(raw, form)
    if missing:
        raise InputError(f"{raw.name}: lacks the target's columns {listed(list(missing))}; add them")
    return inputs, notes
