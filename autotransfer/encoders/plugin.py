"""Hook implementations that belong to the encoders rather than to the readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotransfer.hookspecs import hookimpl

if TYPE_CHECKING:
    from autotransfer.task import Source


@hookimpl
def open_source(uri: str) -> Source | None:
    """``sentence:MODEL_OR_FOLDER``."""
    from autotransfer.encoders.sentence_source import open_sentence_source

    return open_sentence_source(uri)
