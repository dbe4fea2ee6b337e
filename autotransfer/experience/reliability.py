"""How forecast risks came true on data sets that the forecasts had not seen."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

FILE = "reliability.json"
"""Made by ``python -m benchmarks selector``; not edited by hand."""


@cache
def reliability() -> dict[str, Any]:
    """``bins``: a list of ``{risk, negative, arms}``: the mean forecast, the share that came true, how many arms;
    ``targets``: data sets, each held out in its turn; ``skill``: Brier skill score. Empty when the file is absent."""
    file = files("autotransfer.experience") / FILE
    if not file.is_file():
        return {}
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content
