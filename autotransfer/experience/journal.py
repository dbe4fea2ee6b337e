"""Rows of experience in a plain file, one JSON object a line, that any number of runs may append to at once."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from autotransfer.experience.row import Row
from autotransfer.readers.user_cache import user_cache

VARIABLE, OFF = "AUTOTRANSFER_EXPERIENCE", "off"
_MOST_BYTES = 32 * 2**20
"""Of a longer file the end counts: some fifty thousand arms, the latest ones."""
_log = logging.getLogger(__name__)


def store() -> Path | None:
    """The user's file of experience: what the variable names, else one in the cache; None where it says ``off``."""
    chosen = os.environ.get(VARIABLE, "")
    if chosen.strip().lower() == OFF:
        return None
    return Path(chosen) if chosen else user_cache() / "experience.jsonl"


def lines(rows: Sequence[Row]) -> str:
    """The rows as text."""
    return "".join(json.dumps(row.to_plain(), allow_nan=False) + "\n" for row in rows)


def append(path: Path, rows: Sequence[Row]) -> None:
    """Add rows at the end, all of them in one write under a lock. A full or read-only disk costs a warning."""
    if not rows:
        return
    content = lines(rows).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b", buffering=0) as file, _locked(file.fileno()):
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 1))
            torn = size > 0 and file.read(1) != b"\n"  # by a kill
            file.write(b"\n" * torn + content)
    except OSError as error:
        _log.warning("%s: the experience of this run is not kept there (%s)", path, error)


def read(path: Path) -> tuple[Row, ...]:
    """All rows, the oldest first; what is no row is passed over, and so is a file that cannot be read."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _MOST_BYTES))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ()
    rows = (_row(line) for line in text.splitlines())
    return tuple(row for row in rows if row is not None)


def _row(line: str) -> Row | None:
    try:
        return Row.from_plain(json.loads(line))
    except (ValueError, RecursionError):
        return None


@contextlib.contextmanager
def _locked(descriptor: int) -> Iterator[None]:
    """An advisory lock, where the system has one; one write that appends is whole almost everywhere without it."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
