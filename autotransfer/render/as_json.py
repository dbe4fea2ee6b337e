"""JSON that any parser reads: no NaN, no characters beyond ASCII."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import PurePath
from typing import Any

from autotransfer.report.types import Report


def render_json(report: Report) -> str:
    """The report as one JSON object with the fields of ``Report``, ending in a newline."""
    return to_text(report)


def to_text(value: Any) -> str:
    """One JSON document. Dataclasses become objects, NaN and infinities null, paths strings.

    ASCII alone, so that it passes any encoding of a terminal or a pipe.
    """
    return json.dumps(_plain(value), indent=2, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, PurePath):
        return str(value)
    return value
