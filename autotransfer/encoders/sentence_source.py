"""A pretrained sentence encoder as a source: ``sentence:MODEL_OR_FOLDER``."""

from __future__ import annotations

from pathlib import Path

from autotransfer.assets import Asset
from autotransfer.encoders.sentence import SentenceEncoder, model_location
from autotransfer.errors import InputError
from autotransfer.task import Source

_PREFIX = "sentence:"


def open_sentence_source(uri: str) -> Source | None:
    """The source that ``uri`` names, or None when it does not start with ``sentence:``.

    Weights are loaded at the first use. Raises ``InputError`` for a folder without a model, and
    ``MissingDependencyError`` when the extra ``text`` is not installed.
    """
    if not uri.startswith(_PREFIX):
        return None
    model = uri.removeprefix(_PREFIX)
    if not model:
        raise InputError(f"{uri}: no model named; write sentence:all-minilm-l6-v2 or sentence:FOLDER")
    folder = Path(model).expanduser()
    if folder.is_dir():
        if not (folder / "modules.json").is_file():
            raise InputError(f"{uri}: the folder has no modules.json; name one that sentence-transformers has written")
        model = str(folder.resolve())
    elif model.startswith(("/", ".", "~")):
        raise InputError(f"{uri}: no such folder")
    model_location(model)
    return Source(uri, Asset.PRETRAINED, encoder=SentenceEncoder(model))
