"""The core's own readers and encoders, registered through the same hooks as everybody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotransfer.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.encoder import Encoder
    from autotransfer.problem import RawData, ReadOptions


@hookimpl
def read_dataset(uri: str, options: ReadOptions) -> RawData | None:
    """Tables, texts, features, image folders, zips of them, demos and scikit-learn's data sets."""
    from autotransfer.readers import read

    return read(uri, options)


@hookimpl
def encoders() -> Sequence[Encoder]:
    """For tables, texts, images and features; of each modality the one to try first in front."""
    from autotransfer.encoders.catalogue import built_in

    return built_in()
