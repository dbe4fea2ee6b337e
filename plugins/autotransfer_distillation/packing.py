"""Arrays stored as small as they are: without their zeros, in eight bits."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.state import State
from autotransfer_distillation.quantiser import Quantised, dequantised, quantised


def packed(array: Array, *, int8: bool) -> State:
    """A weight as plain data: its kept values in a row, which ones they are (a bit each) where some are 0, and the
    scales of its channels where it is stored as int8. Vectors stay as they are: there is next to nothing to save."""
    if array.ndim < 2:
        return {"values": array}
    state: State = {"shape": list(array.shape), "values": array.ravel()}
    if int8:
        found = quantised(array)
        state |= {"values": found.values.ravel(), "scales": found.scales}
    kept = state["values"] != 0
    if not kept.all():
        state |= {"values": state["values"][kept], "kept": np.packbits(kept)}
    return state


def unpacked(state: State) -> Array:
    """The inverse of :func:`packed`, float32 where it was int8. Raises ``InputError`` when the parts do not fit."""
    if "shape" not in state:
        return np.asarray(state["values"])
    shape, values = tuple(int(edge) for edge in state["shape"]), np.asarray(state["values"])
    size = int(np.prod(shape, dtype=np.int64))
    if "kept" in state:
        bits = np.asarray(state["kept"], np.uint8)
        if size < 0 or size > 8 * len(bits):
            raise InputError(f"a saved weight of shape {shape} does not fit its mask; save the model again")
        kept = np.unpackbits(bits, count=size).astype(bool)
        if kept.sum() != len(values):
            raise InputError(f"a saved weight has {len(values)} values for {int(kept.sum())} places; save it again")
        whole = np.zeros(size, values.dtype)
        whole[kept] = values
        values = whole
    if size != values.size:
        raise InputError(f"a saved weight of shape {shape} has {values.size} values; save the model again")
    array = values.reshape(shape)
    return dequantised(Quantised(array, np.asarray(state["scales"], np.float32))) if "scales" in state else array


def parameters_in(state: State) -> int:
    """Numbers that are kept, zeros and scales left out."""
    return int(np.count_nonzero(np.asarray(state["values"]))) if "shape" in state else int(np.size(state["values"]))
