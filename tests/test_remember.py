"""What runs leave: a line an arm, in the run's folder and in the user's file, where later runs find it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from autotransfer.data import Modality
from autotransfer.experience.journal import VARIABLE, read
from autotransfer.experience.seed import seed
from autotransfer.hookspecs import hookimpl
from autotransfer.job import fit
from autotransfer.problem import RawData
from autotransfer.remember import FILE, forecast_json
from autotransfer.selector import Forecast
from autotransfer.settings import Settings
from autotransfer.trial import Arm


class _Reader:
    """A plugin that looks at the history and leaves the choice to others."""

    def __init__(self) -> None:
        self.history = None

    @hookimpl
    def make_selector(self, history):
        self.history = history


def rows(name: str, n: int) -> RawData:
    rng = np.random.default_rng(n)
    X = rng.normal(size=(n, 3))
    return RawData(name, Modality.FEATURES, X, np.where(X[:, 0] > 0, "a", "b").astype(object))


@pytest.fixture
def own(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "own.jsonl"))
    return tmp_path / "own.jsonl"


def run(folder, plugin=None, name="target", selector="evidence"):
    settings = Settings(
        methods=("pooled",), trials=4, workers=0, test_size=0.0, out=folder, selector=selector, exclude=()
    )
    return fit(rows(name, 30), [rows("source", 60)], settings=settings, plugins=[] if plugin is None else [plugin])


def test_arms_are_kept_and_found_by_the_next_run(own, tmp_path):
    first = run(tmp_path / "one")
    kept = read(own)
    assert {(row.method, row.source) for row in kept} == {("pooled", "source")}
    assert kept == read(first.folder / FILE)
    plugin = _Reader()
    run(tmp_path / "two", plugin)
    assert plugin.history[len(seed())] == kept[0].to_plain()
    assert len(read(own)) == 2 * len(kept)


def test_nothing_is_kept_where_the_user_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, "off")
    found = run(tmp_path / "run")
    assert len(read(found.folder / FILE)) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_a_run_that_asks_past_runs_says_what_they_said(own, tmp_path):
    """With five past targets there is something to say; the report and ``run.json`` hold it."""
    for number in range(5):
        run(tmp_path / str(number), name=f"target{number}")
    found = run(tmp_path / "new", selector="experience")
    told = json.loads((found.folder / "run.json").read_text())["forecast"]["arms"]["source"]["pooled"]
    assert told["low"] <= told["gain"] <= told["high"]
    assert 0 <= told["risk"] <= 1
    assert "What past runs say" in (found.folder / "report.html").read_text()


def test_no_forecast_is_an_empty_one():
    assert forecast_json([Forecast(Arm("pooled", "s"), 0.1, 0.2)]) == {"arms": {}, "reliability": {}}
