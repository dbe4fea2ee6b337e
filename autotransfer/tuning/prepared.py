"""Rows as a network takes them. Image files are decoded once in a process: the folds of a trial share their rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from autotransfer.data import Dataset, Modality
from autotransfer.trainable import Trainable

if TYPE_CHECKING:
    from torch import Tensor

MOST = 256 * 2**20
"""Bytes of decoded images that are kept; what goes beyond is decoded each time."""

_Key: TypeAlias = tuple[Trainable, str, int, int]
_decoded: dict[_Key, Tensor] = {}


def prepared(encoder: Trainable, data: Dataset) -> Tensor:
    """``encoder.prepare(data)``. Files that have changed since they were decoded are decoded again."""
    if data.modality is not Modality.IMAGE or np.asarray(data.inputs).dtype != object or not len(data):
        return encoder.prepare(data)
    import torch

    keys = [_key(encoder, str(path)) for path in np.asarray(data.inputs)]
    found = {key: _decoded[key] for key in keys if key in _decoded}
    missing = [row for row, key in enumerate(keys) if key not in found]
    if missing:
        fresh = encoder.prepare(data.take(np.array(missing)))
        new = {keys[row]: image.clone() for row, image in zip(missing, fresh, strict=True)}
        if (len(_decoded) + len(new)) * fresh[0].nbytes <= MOST:
            _decoded.update(new)
        found |= new
    return torch.stack([found[key] for key in keys])


def _key(encoder: Trainable, path: str) -> _Key:
    """A file that is not there has a key, too: the encoder says what is wrong with it."""
    file = Path(path)
    status = file.stat() if file.is_file() else None
    return (encoder, path, 0, 0) if status is None else (encoder, path, status.st_mtime_ns, status.st_size)
