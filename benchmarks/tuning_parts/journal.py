"""Rows as they are measured, so that an interrupted benchmark goes on where it was."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, final


@final
class Journal:
    """One JSON document a line.

    :param path: read at first, then added to; None: rows are shown on standard error alone.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path is not None and path.exists() else []
        self._known = [json.loads(line) for line in lines]

    def row(self, about: Mapping[str, Any], work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What was measured of this before, or what ``work`` measures now; with ``about`` in front."""
        for known in self._known:
            if all(known.get(key) == value for key, value in about.items()):
                return dict(known)
        row = {**about, **work()}
        line = json.dumps(row)
        sys.stderr.write(f"{line}\n")
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        return row
