"""A book of sources on disk: arrays that are mapped, and one JSON file. Nothing in it is unpickled or executed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError

FORMAT = 1
COARSE = 32
"""Columns of the space in which all sources are scored."""
_LIMITS = {"sources": 10**7, "vectors": 10**9, "width": 10**5, "coarse": 10**4}
_ARRAYS = ("offsets", "coarse", "fine", "centre", "basis")


@final
@dataclass(frozen=True, eq=False)
class Book:
    """n sources with m vectors in all, of width d, projected to width c.

    :param space: URI of the model that encodes rows; "" where rows are feature vectors as they are.
    :param names: of the n sources: what is opened. :param offsets: (n + 1,) int64, where each one's vectors begin.
    :param coarse: (m, c) float32, unit rows. :param fine: (m, d) float16, unit rows.
    :param centre: (d,) float32, taken off first. :param basis: (d, c) float32, orthonormal columns.
    """

    space: str
    names: tuple[str, ...]
    offsets: Array
    coarse: Array
    fine: Array
    centre: Array
    basis: Array

    def unit(self, means: Array) -> Array:
        """(p, d) float32 unit rows, centred as the book's own."""
        return _unit(np.asarray(means, dtype=np.float32) - self.centre)

    def project(self, unit: Array) -> Array:
        """(p, c) float32 unit rows."""
        return _unit(unit @ self.basis)


def write_book(
    folder: Path, space: str, names: tuple[str, ...], offsets: Array, means: Array, *, coarse: int = 32
) -> Book:
    """From (m, d) class means of n sources, those of source i at ``offsets[i]`` to ``offsets[i + 1]``.

    The space is centred at their mean; the coarse one holds their leading principal components.

    :raises InputError: the folder has something in it, or a name or mean is unusable.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"{folder}: there is something in it; name a folder that is new or empty")
    _check_names(names, str(folder))
    if not np.isfinite(means).all():
        raise InputError(f"{folder}: class means are finite; found one that is not")
    centre = means.mean(axis=0).astype(np.float32)
    moved = _unit(means.astype(np.float32) - centre)
    basis = np.linalg.eigh(moved.T @ moved)[1][:, ::-1][:, : min(COARSE, moved.shape[1])]
    book = Book(space, names, offsets.astype(np.int64), _unit(moved @ basis), moved.astype(np.float16), centre, basis)
    folder.mkdir(parents=True, exist_ok=True)
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", getattr(book, name), allow_pickle=False)
    head = {"format": FORMAT, "space": space, "sources": len(names), "vectors": len(means), "width": means.shape[1]}
    content = {**head, "coarse": basis.shape[1], "names": list(names)}
    (folder / "book.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return book


def open_book(folder: Path) -> Book:
    """Maps the arrays. Raises ``InputError`` when anything is missing, or is not as the format says."""
    head = _head(folder)
    n, m, d, c = (head[key] for key in ("sources", "vectors", "width", "coarse"))
    arrays = {
        "offsets": _array(folder, "offsets", np.int64, (n + 1,)),
        "coarse": _array(folder, "coarse", np.float32, (m, c)),
        "fine": _array(folder, "fine", np.float16, (m, d)),
        "centre": _array(folder, "centre", np.float32, (d,)),
        "basis": _array(folder, "basis", np.float32, (d, c)),
    }
    offsets = arrays["offsets"]
    if n == 0 or offsets[0] != 0 or offsets[-1] != m or (np.diff(offsets) <= 0).any():
        raise InputError(f"{folder}: offsets run upwards from 0 to {m}; the book is damaged, make it again")
    if not all(np.isfinite(arrays[name]).all() for name in ("centre", "basis")):
        raise InputError(f"{folder}: centre and basis are finite; the book is damaged, make it again")
    return Book(head["space"], tuple(head["names"]), **arrays)


def _head(folder: Path) -> dict[str, Any]:
    try:
        head = json.loads((folder / "book.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{folder}: no book of sources ({error}); `autotransfer index` makes one") from None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise InputError(f"{folder}: book.json is of format {FORMAT}; this one is not, make it again")
    for key, limit in _LIMITS.items():
        if type(head.get(key)) is not int or not 0 <= head[key] <= limit:
            raise InputError(f"{folder}: {key} is a number up to {limit}, not {head.get(key)!r}")
    if not isinstance(head.get("space"), str):
        raise InputError(f"{folder}: space is the URI of a model, not {head.get('space')!r}")
    names = head.get("names")
    if not isinstance(names, list) or len(names) != head["sources"]:
        raise InputError(f"{folder}: names are a list of {head['sources']}; the book is damaged, make it again")
    _check_names(tuple(names), str(folder))
    return head


def _check_names(names: tuple[Any, ...], book: str) -> None:
    """Plain, different names; a book within a book would never end."""
    if not all(isinstance(name, str) and 0 < len(name) <= 4096 and name.isprintable() for name in names):
        raise InputError(f"{book}: names of sources are printable, with up to 4,096 letters")
    if any(name.startswith("book:") for name in names):
        raise InputError(f"{book}: a book names sources, no other books")
    if len(set(names)) < len(names):
        raise InputError(f"{book}: two of its sources have one name")


def _array(folder: Path, name: str, kind: type, shape: tuple[int, ...]) -> Array:
    try:
        found = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"{folder}: {name}.npy cannot be read ({error}); make the book again") from None
    if not isinstance(found, np.ndarray) or found.dtype != kind or found.shape != shape:
        raise InputError(f"{folder}: {name}.npy has another type or shape than book.json says; make the book again")
    return np.asarray(found)


def _unit(rows: Array) -> Array:
    length = np.sqrt(np.square(rows, dtype=np.float32).sum(axis=1, keepdims=True))
    return np.asarray(rows / np.maximum(length, 1e-12), dtype=np.float32)
