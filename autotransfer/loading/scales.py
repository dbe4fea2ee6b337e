"""Columns of a source that are scaled otherwise than the target's: every distance between the two would be wrong."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from autotransfer.data import Array, Dataset, Inputs

FACTOR = 10.0
"""Columns whose spreads differ by more are scaled differently."""
_MOST = 2.0 / 3.0
"""Share of the columns that have to be."""
_FEWEST_ROWS = 5
_ROWS, _COLUMNS = 2000, 4096
"""Looked at, evenly spaced."""


def scale_note(source: Dataset, target: Dataset) -> tuple[str, ...]:
    """A line when most columns of the source are much larger than the target's, or much smaller; else none.

    The spread of a column is its standard deviation, so a shift of its mean is none of the business here. Both data
    sets hold the same columns; those of words, and those that do not vary on both sides, take no part.
    """
    there, here = _numbers(source.inputs), _numbers(target.inputs)
    if there is None or here is None or there.shape[1:] != here.shape[1:]:
        return ()
    logs = _log_ratios(there, here)
    if len(logs) == 0:
        return ()
    typical = float(np.median(logs))
    apart = np.sign(typical) * logs > np.log(FACTOR)
    if apart.mean() < _MOST:
        return ()
    ratio, size = float(np.exp(abs(typical))), "larger" if typical > 0 else "smaller"
    return (
        f"{source.name}: its columns spread {ratio:.3g} times {size} than the target's "
        f"({_range(there)} against {_range(here)}); bring both to one scale, or distances between them mean nothing",
    )


def _numbers(inputs: Inputs) -> Array | None:
    """Some rows of the numeric columns, (n, d); None where there are no numbers."""
    if isinstance(inputs, pd.DataFrame):
        inputs = inputs.select_dtypes("number").to_numpy(dtype=np.float64, na_value=np.nan)
    if inputs.dtype.kind not in "biuf" or len(inputs) < _FEWEST_ROWS:
        return None
    rows = inputs[:: 1 + len(inputs) // _ROWS].reshape(-1, int(np.prod(inputs.shape[1:])))
    return np.asarray(rows[:, :: 1 + rows.shape[1] // _COLUMNS], dtype=np.float64)


def _log_ratios(there: Array, here: Array) -> Array:
    """Of the columns' standard deviations, for those that vary on both sides."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # columns without any number
        spreads = [np.nanstd(rows, axis=0) for rows in (there, here)]
    vary = (spreads[0] > 0) & (spreads[1] > 0)
    return np.asarray(np.log(spreads[0][vary]) - np.log(spreads[1][vary]))


def _range(rows: Array) -> str:
    """From the smallest to the largest number."""
    return f"{np.nanmin(rows):.3g} to {np.nanmax(rows):.3g}"
