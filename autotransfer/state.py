"""Fitted things as plain data: JSON values and numpy arrays, kept as one JSON and one safetensors file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from autotransfer.errors import InputError

State: TypeAlias = dict[str, Any]
"""str keys; values None, bool, int, float, str, numpy arrays (bool, int or float), and lists and dicts of these."""

_TENSOR = "$tensor"
_JSON, _TENSORS = "model.json", "model.safetensors"


def save_state(folder: Path, state: State) -> None:
    """Write ``model.json`` and ``model.safetensors`` into ``folder``; each appears whole or not at all."""
    from safetensors.numpy import save

    folder.mkdir(parents=True, exist_ok=True)
    tensors: dict[str, np.ndarray] = {}
    skeleton = _strip(state, "", tensors)
    write_atomically(folder / _TENSORS, save(tensors))
    write_atomically(folder / _JSON, json.dumps(skeleton, indent=1, allow_nan=True).encode())


def load_state(folder: Path) -> State:
    """Read what :func:`save_state` wrote. Raises ``InputError`` when a file is missing or damaged."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        skeleton = json.loads((folder / _JSON).read_bytes())
        tensors = load((folder / _TENSORS).read_bytes())
        restored = _fill(skeleton, tensors)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError, RecursionError) as error:
        raise InputError(f"{folder}: no readable saved model ({error}); save it again") from error
    if not isinstance(restored, dict):
        raise InputError(f"{folder / _JSON}: a saved model is a JSON object; save it again")
    return restored


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that readers, and a crash at any moment, see the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _strip(value: Any, path: str, tensors: dict[str, np.ndarray]) -> Any:
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "biuf":
            raise TypeError(f"state{path}: arrays hold bool, int or float, not {value.dtype}; store text as a list")
        while path in tensors:  # keys may hold a slash
            path += "'"
        tensors[path] = np.asarray(value, order="C")
        return {_TENSOR: path}
    if isinstance(value, dict):
        return {str(key): _strip(item, f"{path}/{key}", tensors) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_strip(item, f"{path}/{index}", tensors) for index, item in enumerate(value)]
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"state{path}: {type(value).__name__} is neither JSON nor an array")


def _fill(value: Any, tensors: dict[str, np.ndarray]) -> Any:
    if isinstance(value, dict):
        if set(value) == {_TENSOR}:
            return tensors[value[_TENSOR]]
        return {key: _fill(item, tensors) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, tensors) for item in value]
    return value
