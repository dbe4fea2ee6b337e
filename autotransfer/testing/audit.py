"""Watches a piece of code for things that reading a saved model must never do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from autotransfer.testing.check import ConformanceError

FORBIDDEN = frozenset({"pickle.find_class", "os.system", "os.exec", "os.posix_spawn", "subprocess.Popen"})
"""Audit events of the interpreter: unpickling by name, and starting other programs."""

_watching: ContextVar[tuple[str, ...]] = ContextVar("watching", default=())


@contextmanager
def nothing_executed(bait: str = "") -> Iterator[None]:
    """Inside, unpickling a class by name, starting a program or importing ``bait`` raises ``ConformanceError``."""
    _install()
    token = _watching.set((bait,))
    try:
        yield
    finally:
        _watching.reset(token)


@cache
def _install() -> None:
    """Once a process: the interpreter keeps audit hooks for ever."""
    sys.addaudithook(_refuse)


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    watched = _watching.get()
    if watched and (event in FORBIDDEN or (event == "import" and args[0] in watched)):
        raise ConformanceError(
            f"{event} {args[0]}: a saved model is plain data; keep arrays and JSON values in state()"
        )
