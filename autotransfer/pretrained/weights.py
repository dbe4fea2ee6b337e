"""Weights in a safetensors file: arrays and nothing else."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from autotransfer.errors import InputError

if TYPE_CHECKING:
    from torch import Tensor

SUFFIX = ".safetensors"


def checked_file(uri: str, name: str) -> Path:
    """The file's absolute path. Raises ``InputError`` when there is none or it is of another kind."""
    path = Path(name).expanduser()
    if not name.lower().endswith(SUFFIX):
        raise InputError(
            f"{uri}: weights are read from a {SUFFIX} file, which can hold nothing but arrays; convert yours"
        )
    if not path.is_file():
        raise InputError(f"{uri}: no such file {name}; check the path")
    return path.resolve()


def digest_of(path: Path) -> str:
    """SHA-256 of a file (hex)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=2)
def load_weights(path: Path, digest: str) -> dict[str, Tensor]:
    """The arrays by name, on the CPU. Raises ``InputError`` when the file is damaged or has other content by now."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        if digest_of(path) != digest:
            raise InputError(f"{path}: the weights have changed since they were opened; start again")
        return load_file(path)
    except (OSError, ValueError, SafetensorError) as error:
        raise InputError(f"{path}: no readable safetensors file ({error}); get it again") from error
