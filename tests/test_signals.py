"""Runs in processes of their own, ended by real signals: nothing but the trials under way is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from autotransfer.job import fit
from autotransfer.run import Run
from autotransfer.search import sqlite_url
from autotransfer.settings import Settings

pytestmark = pytest.mark.slow
METHODS = ("pooled", "source_only")
TRIALS = 5
"""Defaults alone, which are fast."""
PATIENCE = 120.0
"""Seconds after which a process hangs."""
CONTRACT = {
    "verdict",
    "metric",
    "evidence",
    "risk",
    "skipped",
    "trials_total",
    "trials_failed",
    "trials_pruned",
    "seconds",
    "settings",
    "data",
    "environment",
    "status",
}


def write_table(path: Path, n: int, seed: int) -> str:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, 3)), columns=["a", "b", "c"])
    hidden = frame["a"] - frame["b"] + rng.normal(0, 0.5, n)
    frame["label"] = np.where(hidden > 0, "good", "bad")
    frame.to_csv(path, index=False)
    return str(path)


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> tuple[str, str]:
    """Target and source."""
    folder = tmp_path_factory.mktemp("tables")
    return write_table(folder / "target.csv", 60, 0), write_table(folder / "source.csv", 120, 1)


@pytest.fixture
def start():
    """``start(*words, **environment)`` runs the command line; what still runs at the end of the test is killed."""
    started = []

    def run(*words: object, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "autotransfer", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def words_of(tables: tuple[str, str], *more: object) -> list[object]:
    target, source = tables
    return ["fit", target, "--source", source, "--methods", ",".join(METHODS), "--workers", 1, *more]


def events(folder: Path) -> list[dict[str, object]]:
    """Complete lines of the log so far."""
    log = folder / "log.jsonl"
    text = log.read_text() if log.is_file() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def signal_when(process: subprocess.Popen[str], folder: Path, reached, number: int) -> None:
    """Send the signal as soon as ``reached(events)`` holds."""
    while not reached(events(folder)):
        try:
            process.wait(0.01)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(f"ended before its time: {process.communicate()}")
    process.send_signal(number)


def stage(words: str):
    return lambda seen: any(event.get("words") == words for event in seen)


def trials(count: int):
    return lambda seen: sum(event["event"] == "trial" for event in seen) >= count


MOMENTS = {
    "early": stage("measure relatedness"),
    "search": trials(3),
    "guard": stage("guard"),
}


def finished(folder: Path, url: str | None = None) -> dict[int, dict[str, object]]:
    """Trials that a run's storage holds, by number."""
    import optuna

    name = (folder / "study.name").read_text()
    storage = optuna.storages.RDBStorage(url or sqlite_url(folder / "study.db"))
    study = optuna.load_study(storage=storage, study_name=name)
    found = [json.loads(trial.user_attrs["record"]) for trial in study.get_trials()]
    storage.engine.dispose()
    return {record["number"]: record for record in found}


def check_complete(folder: Path) -> Run:
    """The run is all that the contract promises: files, keys, a model that predicts."""
    content = json.loads((folder / "run.json").read_text())
    assert set(content) >= CONTRACT
    assert set(content["verdict"]) >= {"decision", "arm", "gain", "test_score", "baseline_test_score"}
    for name in ("leaderboard.csv", "report.html", "log.jsonl", "model/model.json", "model/model.safetensors"):
        assert (folder / name).is_file()
    run = Run.load(folder)
    frame = pd.DataFrame({"a": [2.0, -2.0], "b": [-2.0, 2.0], "c": 0.0})
    assert run.predict(frame).labels.tolist() == ["good", "bad"]
    assert len(run.leaderboard) == run.record.trials_total
    assert not list(folder.rglob("*.tmp"))
    return run


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_leaves_a_readable_run_with_the_best_so_far(start, tables, tmp_path, moment):
    """Exit code 3 whenever it comes; once a trial has finished, the run is saved with a verdict."""
    folder = tmp_path / "run"
    process = start(*words_of(tables, "--out", folder, "--trials", 400 if moment == "search" else TRIALS))
    signal_when(process, folder, MOMENTS[moment], signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3, err
    assert "interrupted" in err
    assert "Traceback" not in err
    if moment != "early":
        run = check_complete(folder)
        assert run.record.status == "interrupted"
        assert str(folder) in out


@pytest.mark.parametrize("moment", MOMENTS)
def test_after_kill_9_resume_finishes_and_keeps_every_finished_trial(start, tables, tmp_path, moment):
    folder = tmp_path / "run"
    words = words_of(tables, "--trials", TRIALS)
    process = start(*words, "--out", folder)
    signal_when(process, folder, MOMENTS[moment], signal.SIGKILL)
    assert process.wait(PATIENCE) == -signal.SIGKILL
    assert json.loads((folder / "run.json").read_text())["verdict"] is None
    seen = sum(event["event"] == "trial" for event in events(folder))
    before = finished(folder) if seen else {}
    assert len(before) >= seen - 2  # one that was under way to the storage, and one that was being written there
    if moment == "search":
        fit(tables[0], [tables[1]], settings=Settings(methods=METHODS, trials=TRIALS, workers=0, resume=folder))
    else:
        again = start(*words, "--resume", folder)
        out, err = again.communicate(timeout=PATIENCE)
        assert again.returncode == 0, err
        assert str(folder) in out
    run = check_complete(folder)
    after = finished(folder)
    assert run.record.status == "done"
    assert run.record.trials_total == len(after) == TRIALS
    assert {number: after[number] for number in before} == before


UNRULY = """
    import os, signal
    from dataclasses import dataclass
    from autotransfer.assets import Asset
    from autotransfer.data import Modality
    from autotransfer.hookspecs import hookimpl
    from autotransfer.learners import LearnerPredictor
    from autotransfer.method import Method

    class Unruly(Method):
        needs = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS
        modalities = frozenset({Modality.TABLE})
        reference = "none"
        predictor = LearnerPredictor

        @classmethod
        def suggest(cls, suggest):
            return cls()

    @dataclass(frozen=True)
    class Crash(Unruly):
        name = "crash"

        def fit(self, task, source, ctx):
            os.abort()

    @dataclass(frozen=True)
    class Hang(Unruly):
        name = "hang"

        def fit(self, task, source, ctx):
            while True:
                signal.pause()

    @dataclass(frozen=True)
    class Hungry(Unruly):
        name = "hungry"

        def fit(self, task, source, ctx):
            eaten = []
            while True:
                eaten.append(bytearray(2**25))

    @hookimpl
    def transfer_methods():
        return [Crash, Hang, Hungry]
"""


@pytest.fixture
def unruly(tmp_path) -> str:
    """A folder that holds an installed plugin package."""
    folder = tmp_path / "site"
    about = folder / "unruly-1.0.dist-info"
    about.mkdir(parents=True)
    (folder / "unruly.py").write_text(textwrap.dedent(UNRULY))
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: unruly\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[autotransfer]\nunruly = unruly\n")
    return str(folder)


def test_a_crash_a_hang_and_a_memory_hog_fail_their_own_trials(start, tables, tmp_path, unruly):
    folder = tmp_path / "run"
    words = ["fit", tables[0], "--source", tables[1], "--methods", "pooled,crash,hang,hungry", "--out", folder]
    limits = ["--workers", 2, "--trials", 9, "--trial-timeout", "6s", "--trial-memory", "300M", "--json"]
    process = start(*words, *limits, PYTHONPATH=unruly)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert json.loads(out)["status"] == "done"
    run = check_complete(folder)
    board = run.leaderboard.set_index("method")
    reasons = {"crash": "SIGABRT", "hang": "6 s", "hungry": "300 MiB"}
    for method, reason in reasons.items():
        rows = board.loc[[method]]
        assert set(rows["status"]) == {"failed"}
        assert rows["error"].str.contains(reason, case=False).all(), rows["error"].tolist()
    assert "complete" in set(board.loc[["no_transfer"], "status"])
    assert "complete" in set(board.loc[["pooled"], "status"])
    assert run.record.trials_failed == (board["status"] == "failed").sum()


def programs() -> Path | None:
    """Folder of PostgreSQL's server programs."""
    found = shutil.which("pg_ctl")
    places = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((place for place in reversed(places) if (place / "initdb").is_file()), None)


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """URL of a server of the test's own, reached through a socket file."""
    pytest.importorskip("psycopg")
    place = programs()
    if place is None:
        pytest.skip("PostgreSQL's programs are not installed: apt-get install postgresql")
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # its socket's path must be short
    if user is not None:
        shutil.chown(folder, user)
    data, server = folder / "data", folder / "server"

    def call(*words: object) -> None:
        log = (folder / "log.txt").open("a")
        with log:
            subprocess.run(
                [*map(str, words)], user=user, cwd=folder, check=True, timeout=PATIENCE, stdout=log, stderr=log
            )

    try:
        call(place / "initdb", "-D", data, "-A", "trust", "-U", "tester", "--no-sync", "--no-locale", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses='' -F"
        call(place / "pg_ctl", "-D", data, "-l", server, "-o", options, "-w", "start")
        try:
            yield f"postgresql+psycopg://tester:secret@/postgres?host={folder}"
        finally:
            call(place / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def test_postgresql_keeps_the_trials_of_a_run_that_is_killed(start, tables, tmp_path, postgresql):
    folder = tmp_path / "run"
    words = words_of(tables, "--trials", TRIALS, "--storage", postgresql)
    process = start(*words, "--out", folder)
    signal_when(process, folder, trials(3), signal.SIGKILL)
    assert process.wait(PATIENCE) == -signal.SIGKILL
    before = finished(folder, postgresql)
    assert before
    again = start(*words, "--resume", folder)
    _, err = again.communicate(timeout=PATIENCE)
    assert again.returncode == 0, err
    check_complete(folder)
    after = finished(folder, postgresql)
    assert len(after) == TRIALS
    assert {number: after[number] for number in before} == before
    assert not (folder / "study.db").exists()
    assert "secret" not in (folder / "run.json").read_text() + (folder / "log.jsonl").read_text() + err
