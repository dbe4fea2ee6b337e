"""autotransfer assess, with an engine that does nothing."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field

import pytest

from autotransfer.trial import Skipped


@dataclass(frozen=True)
class Assessment:
    """What the engine gives."""

    name: str = "books"
    rows: int = 60
    evidence: dict[str, dict[str, float | None]] = field(
        default_factory=lambda: {"dvd": {"mmd": 0.5, "leep": math.nan}}
    )
    reasons: dict[str, dict[str, str]] = field(default_factory=lambda: {"dvd": {"leep": "it needs a head"}})
    encoders: dict[str, dict[str, float | None]] = field(default_factory=lambda: {"table": {"parc": 0.125}})
    risk: dict[str, dict[str, float]] = field(default_factory=lambda: {"dvd": {"pooled": 0.25}})
    reading: dict[str, dict[str, str]] = field(
        default_factory=lambda: {"mmd": {"better": "lower", "unit": "distance", "meaning": "0: the same rows."}}
    )
    skipped: tuple[Skipped, ...] = (Skipped("*", "radio", "no shared columns"),)
    notes: tuple[str, ...] = ("a duplicate was dropped",)


@pytest.fixture(autouse=True)
def _found(engine):
    engine.outcome = Assessment()


def test_text(call):
    out = call("assess", "books.csv", "--source", "dvd.csv").out
    assert "1 source assessed" in out
    for words in ("0.500", "25 %", "a duplicate was dropped", "radio: no shared columns", "lower", "0: the same rows."):
        assert words in out
    assert "leep on dvd: it needs a head" in out
    assert "0.125" in out


def test_json(call, engine):
    found = json.loads(call("assess", "books.csv", "--json", "--seed", "3").out)
    assert found["evidence"] == {"dvd": {"mmd": 0.5, "leep": None}}
    assert found["risk"] == {"dvd": {"pooled": 0.25}}
    assert engine.calls[0][2].seed == 3


def test_options_of_the_search_are_not_taken(call):
    assert call("assess", "books.csv", "--budget", "9s").code == 2


def test_a_demo_brings_its_sources(call, engine):
    assert call("assess", "demo:penguins").code == 0
    assert engine.calls[0][1] == ["demo:penguins-adelie", "demo:penguins-chinstrap"]
