"""Hook implementations for the models of earlier runs; what they call is imported when it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotransfer.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.encoder import Encoder
    from autotransfer.task import Source


@hookimpl
def open_source(uri: str) -> Source | None:
    """``run:DIR``."""
    from autotransfer.run_source import open_run

    return open_run(uri)


@hookimpl
def encoders() -> Sequence[Encoder]:
    """Those that saved runs name."""
    from autotransfer.run_source import KINDS

    return tuple(kind() for kind in KINDS.values())
