"""Prepared rows on disk: images are decoded once, whatever is trained on them and how often."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autotransfer.config import to_json
from autotransfer.data import Array, Dataset, Modality
from autotransfer.readers.user_cache import user_cache

if TYPE_CHECKING:
    from autotransfer.pretrained.specs import Spec

_CHUNK = 1024
"""Rows that are prepared at once."""


def prepared(spec: Spec, data: Dataset, folder: Path | None = None) -> Array:
    """``spec.rows(data)``; of images, memory-mapped from a file that is written when they are first asked for.

    :param folder: of these files; None: ``prepared`` in the user's cache.
    """
    if data.modality is not Modality.IMAGE or not len(data):
        return spec.rows(data)
    path = (folder or user_cache() / "prepared") / f"{_key(spec, data)}.npy"
    if not path.is_file():
        _write(path, spec, data)
    return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))


def _write(path: Path, spec: Spec, data: Dataset) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    first = spec.rows(data.take(np.arange(1)))
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        file = np.lib.format.open_memmap(temporary, "w+", first.dtype, (len(data), *first.shape[1:]))
        for start in range(0, len(data), _CHUNK):
            chunk = data.take(np.arange(start, min(start + _CHUNK, len(data))))
            file[start : start + _CHUNK] = spec.rows(chunk)
        file.flush()
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _key(spec: Spec, data: Dataset) -> str:
    """By the rows, the files' sizes and times, and what the spec makes of them."""
    stamps = [_stamp(str(item)) for item in data.inputs] if np.asarray(data.inputs).dtype == object else []
    about = [data.digest, stamps, {"kind": spec.kind, **to_json(spec)}]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()


def _stamp(path: str) -> list[int]:
    status = Path(path).stat()
    return [status.st_size, status.st_mtime_ns]
