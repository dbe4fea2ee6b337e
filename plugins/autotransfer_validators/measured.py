"""Validators whose error was measured, and where the figures are."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from autotransfer.trial import KnownError
from autotransfer.validator import Validator

FILE = Path(__file__).with_name("known_errors.json")
"""Written by ``python -m benchmarks validators --write``; nobody edits it."""


class Measured(Validator):
    """A validator of this family: its known error stands in :data:`FILE`."""

    def known_error(self, *, regression: bool) -> KnownError | None:
        """From the file; None while it has no row for this validator and kind of target."""
        content = figures()
        found = content.get("values" if regression else "classes", {}).get(self.name)
        return None if found is None else KnownError(measured_by=content["measured_by"], **found)


@cache
def figures() -> dict[str, Any]:
    """``measured_by``, and for ``classes`` and ``values``: validator -> fields of ``KnownError``."""
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    return content
