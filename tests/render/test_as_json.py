"""JSON that any parser reads."""

from __future__ import annotations

import json
import math
from pathlib import Path

from autotransfer.render.as_json import render_json, to_text


def test_a_report_goes_through_unchanged(hostile):
    data = json.loads(render_json(hostile))
    assert data["title"] == hostile.title
    assert tuple(data["sections"][0]["paragraphs"]) == hostile.sections[0].paragraphs
    assert data["sections"][0]["bars"][0]["items"][0]["low"] == 0.25


def test_no_nan_and_ascii_alone():
    text = to_text({"a": math.nan, "b": [math.inf, 1.5], "c": "×", "d": Path("x/y"), "e": {"z"}, 1: None})
    assert text.isascii()
    assert json.loads(text) == {"a": None, "b": [None, 1.5], "c": "×", "d": "x/y", "e": ["z"], "1": None}
