"""A text model of Hugging Face as a source: ``hf:FOLDER`` or ``hf:MODEL``."""

from __future__ import annotations

import hashlib
from pathlib import Path

from autotransfer.assets import Asset
from autotransfer.errors import InputError
from autotransfer.pretrained.hf_encoder import HfEncoder, require_library
from autotransfer.pretrained.hub import fetch
from autotransfer.task import Source

PREFIX = "hf:"


def open_hf_source(uri: str) -> Source | None:
    """The source that ``uri`` names, or None when it does not start with ``hf:``.

    Weights are loaded at the first use. Raises ``InputError`` for a folder without a model and for a name while the hub
    cannot be reached, and ``MissingDependencyError`` when the extra ``hf`` is not installed.
    """
    if not uri.startswith(PREFIX):
        return None
    model = uri.removeprefix(PREFIX)
    if not model:
        raise InputError(f"{uri}: no model named; write hf:FOLDER or hf:MODEL")
    require_library(uri)
    folder = Path(model).expanduser()
    if folder.is_dir():
        return _source(uri, str(folder.resolve()), _digest(uri, folder))
    if model.startswith(("/", ".", "~")):
        raise InputError(f"{uri}: no such folder")
    return _source(uri, model, fetch(uri, model, "config.json", "name a folder: hf:FOLDER").parent.name)


def _source(uri: str, model: str, digest: str) -> Source:
    return Source(uri, Asset.PRETRAINED | Asset.TRAINABLE, encoder=HfEncoder(model, digest))


def _digest(uri: str, folder: Path) -> str:
    """By the files' names, sizes and times: a folder whose model is trained anew is another one."""
    weights = sorted(folder.glob("*.safetensors"))
    if not (folder / "config.json").is_file() or not weights:
        raise InputError(
            f"{uri}: the folder lacks config.json or weights as .safetensors; name one that transformers has written"
        )
    stamps = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(folder.iterdir())]
    return hashlib.sha256(repr(stamps).encode()).hexdigest()
