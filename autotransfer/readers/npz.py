"""Numpy archives: ``X``, ``y`` and, optionally, ``X_unlabeled``, ``class_attributes`` and ``class_names``."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.problem import RawData, ReadOptions
from autotransfer.readers.archive import check_archive
from autotransfer.readers.array_rows import array_rows
from autotransfer.readers.files import existing_file, has_suffix, stem


@dataclass(frozen=True)
class _Arrays:
    X: Array
    y: Array | None
    unlabeled: Array | None
    attributes: Array | None
    names: tuple[str, ...] | None
    task: Array | None


def read(uri: str, options: ReadOptions) -> RawData | None:
    """Features (2-D numbers), images (uint8, 3-D or 4-D) or texts (1-D strings). Raises ``InputError``."""
    if not has_suffix(uri, (".npz",)):
        return None
    path = existing_file(uri)
    arrays = _load(uri, path, options.task)
    modality, inputs = array_rows(uri, "X", arrays.X)
    labels = None if arrays.y is None else _labels(uri, arrays, len(inputs))
    if arrays.unlabeled is not None and len(arrays.unlabeled):
        other, more = array_rows(uri, "X_unlabeled", arrays.unlabeled)
        if other is not modality or more.shape[1:] != inputs.shape[1:]:
            raise InputError(
                f"{uri}: X has rows of shape {inputs.shape[1:]}, X_unlabeled {more.shape[1:]}; make them equal"
            )
        inputs = np.concatenate([inputs, more])
        labels = None if labels is None else np.concatenate([labels, _no_labels(labels, len(more))])
    also = () if options.task is None or arrays.task is None else ((options.task, _tasks(uri, arrays, len(inputs))),)
    return RawData(stem(path), modality, inputs, labels, arrays.names, _attributes(uri, arrays), also=also)


def _tasks(uri: str, arrays: _Arrays, n: int) -> Array:
    """Names of tasks, object (n,); None for unlabelled rows."""
    assert arrays.task is not None  # noqa: S101 - the caller looked
    rows = len(arrays.X)
    if arrays.task.shape != (rows,):
        raise InputError(
            f"{uri}: the array of tasks has shape {arrays.task.shape} for {rows} rows; it must be ({rows},)"
        )
    named = [str(name).strip() or None for name in _as_text(arrays.task)]
    return np.array([*named, *[None] * (n - rows)], dtype=object)


def _load(uri: str, path: Path, task: str | None) -> _Arrays:
    try:
        with ZipFile(path) as packed:
            check_archive(uri, packed.infolist())
        with np.load(path, allow_pickle=False) as file:
            if "X" not in file:
                raise InputError(
                    f"{uri}: no array 'X'; it holds {', '.join(sorted(file)[:8]) or 'nothing'}; save X and y"
                )
            if task is not None and task not in file:
                raise InputError(f"{uri}: no array {task!r} for --task; it holds {', '.join(sorted(file)[:8])}")
            parts = {name: file.get(name) for name in _PARTS}
            names = parts["class_names"]
            return _Arrays(
                file["X"],
                parts["y"],
                parts["X_unlabeled"],
                parts["class_attributes"],
                None if names is None else tuple(str(name).strip() for name in _as_text(names).ravel()),
                None if task is None else file[task],
            )
    except (BadZipFile, EOFError, OSError, zlib.error, NotImplementedError) as error:
        raise InputError(f"{uri}: not an intact npz file; save it again with numpy.savez") from error
    except (ValueError, MemoryError, OverflowError, SyntaxError) as error:
        raise InputError(
            f"{uri}: it holds an array that cannot be read safely (Python objects, or damaged); save plain numbers and "
            "fixed-length strings"
        ) from error


_PARTS = ("y", "X_unlabeled", "class_attributes", "class_names")


def _as_text(values: Array) -> Array:
    return np.char.decode(values, "utf-8", "replace") if values.dtype.kind == "S" else values


def _labels(uri: str, arrays: _Arrays, n: int) -> Array:
    assert arrays.y is not None  # noqa: S101 - the caller looked
    y = _as_text(arrays.y)
    if y.shape not in ((n,), (n, 1)):
        raise InputError(f"{uri}: y has shape {y.shape} for {n} rows of X; it must be ({n},)")
    y = y.ravel()
    if y.dtype.kind in "US":
        return np.array([str(label).strip() or None for label in y], dtype=object)
    if y.dtype.kind not in "biuf":
        raise InputError(f"{uri}: y holds {y.dtype}; labels are numbers or strings")
    if np.isinf(y.astype(np.float64)).any():
        raise InputError(f"{uri}: y holds infinite values; correct them, or write NaN for unlabelled rows")
    return y.astype(np.float64) if arrays.names is None else _named(uri, y.astype(np.float64), arrays.names)


def _named(uri: str, y: Array, names: tuple[str, ...]) -> Array:
    """Numbers that index ``class_names`` become names."""
    known = np.isnan(y) | ((y >= 0) & (y < len(names)) & (y == np.floor(y)))
    if not known.all():
        raise InputError(f"{uri}: y holds {y[~known][0]:g}, which is no index into the {len(names)} class_names")
    return np.array([None if np.isnan(label) else names[int(label)] for label in y], dtype=object)


def _no_labels(like: Array, n: int) -> Array:
    return np.full(n, np.nan) if like.dtype != object else np.full(n, None, dtype=object)


def _attributes(uri: str, arrays: _Arrays) -> Array | None:
    if arrays.attributes is None:
        return None
    if arrays.names is None:
        raise InputError(f"{uri}: class_attributes without class_names; add class_names in the same order")
    shape = arrays.attributes.shape
    numeric = arrays.attributes.dtype.kind in "biuf"
    if len(shape) != 2 or shape[0] != len(arrays.names) or not numeric or not np.isfinite(arrays.attributes).all():
        raise InputError(
            f"{uri}: class_attributes must be finite numbers of shape ({len(arrays.names)}, attributes), not "
            f"{arrays.attributes.dtype} {shape}"
        )
    return arrays.attributes.astype(np.float32)
