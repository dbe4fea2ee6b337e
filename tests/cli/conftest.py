"""A saved run, an engine that does nothing, and the command line called in this process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from autotransfer.cli import run
from autotransfer.record import to_json
from autotransfer.trial import Choice, Decision, Interval, RunRecord, Status, TrialRecord, Verdict


def _record(name: str, gain: float) -> RunRecord:
    choices = (Choice("no_transfer", None, "table", {}), Choice("pooled", "dvd", "table", {"weight": 0.5}))
    trials = tuple(
        TrialRecord(number, choice, Status.COMPLETE, 0.7 + number * gain, number * gain, 1.0)
        for number, choice in enumerate(choices)
    )
    verdict = Verdict(
        Decision.TRANSFER, "It wins.", choices[1], choices[1], choices[0], Interval(gain, 0.01, 0.2, 0.9), 0.01
    )
    evidence: dict[str, dict[str, float | None]] = {"dvd": {"mmd": 0.5}}
    return RunRecord(
        name, "finished", "accuracy", True, {}, {}, {}, evidence, {}, verdict, trials_total=2, leaderboard=trials
    )


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[str, float], SimpleNamespace]:
    """A function that saves a run and returns it: ``folder`` and ``record``."""

    def save(name: str = "books", gain: float = 0.1) -> SimpleNamespace:
        folder, record = tmp_path / name, _record(name, gain)
        folder.mkdir()
        (folder / "run.json").write_text(json.dumps(to_json(record)))
        return SimpleNamespace(folder=folder, record=record)

    return save


@dataclass
class Engine:
    """What ``autotransfer.job.fit`` and ``autotransfer.assessment.assess`` were called with, and what they give."""

    outcome: Any = None
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        self.calls.append((*arguments, *named.values()))
        print("noise of a library")
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Stands for the engine's two entry functions."""
    fake = Engine()
    for name, home in (("fit", "job"), ("assess", "assessment")):
        module = ModuleType(f"autotransfer.{home}")
        setattr(module, name, fake)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return fake


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Run a command: ``call("report", folder)``."""

    def run_command(*words: object) -> Result:
        capsys.readouterr()
        code = run([str(word) for word in words])
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return run_command
