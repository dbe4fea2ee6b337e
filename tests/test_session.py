"""What the steps of a run share: the clock, the folder, and what may be resumed."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest

from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.problem import RawData
from autotransfer.session import Clock, check_same, environment, given_names, open_folder, settings_json
from autotransfer.settings import Settings
from autotransfer.store import RunFolder

DATA = {"target": {"digest": "abc"}, "sources": {"s": {"rows": 3}}}


def test_the_clock_leaves_time_for_the_guard_and_for_the_end():
    clock = Clock(time.monotonic(), 100.0)
    assert clock.started < clock.search_deadline < clock.guard_deadline < clock.started + clock.budget
    assert 0 < clock.left() <= clock.search_deadline - clock.started
    assert clock.seconds() >= 0
    assert Clock(time.monotonic() - 1000, 100.0).left() == 0.0


@pytest.mark.parametrize("name", ["books", "a/b: c?", "...", "", "Ünï", "../../etc"])
def test_a_run_gets_a_new_folder_below_runs(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    folders = []
    for _ in range(3):
        folder = open_folder(Settings(), name)
        folder.write_text("file", "")
        folders.append(folder.path.resolve())
    assert len(set(folders)) == 3
    assert {folder.parent for folder in folders} == {(tmp_path / "runs").resolve()}


def test_out_and_resume_name_the_folder(tmp_path):
    assert open_folder(Settings(out=tmp_path / "run"), "n").path == tmp_path / "run"
    with pytest.raises(InputError, match="no run here"):
        open_folder(Settings(resume=tmp_path / "run"), "n")
    RunFolder(tmp_path / "run").write_json({})
    torn = tmp_path / "run/predictions/.000003.npy.1.tmp"
    torn.parent.mkdir()
    torn.write_bytes(b"half")
    assert open_folder(Settings(resume=tmp_path / "run"), "n").path == tmp_path / "run"
    assert not torn.exists()


def folder_of(tmp_path: Path, settings: Settings) -> RunFolder:
    folder = RunFolder(tmp_path)
    folder.write_json({"data": DATA, "settings": settings_json(settings)})
    return folder


@pytest.mark.parametrize(
    "now",
    [Settings(), Settings(trials=3, budget=5.0, workers=2, methods=("pooled",), alpha=0.1)],
    ids=["same", "more time"],
)
def test_a_run_goes_on_with_other_limits(tmp_path, now):
    folder = folder_of(tmp_path, Settings())
    before = (tmp_path / "run.json").read_text()
    check_same(folder, DATA, now)
    assert (tmp_path / "run.json").read_text() == before


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        (Settings(seed=3), Settings(), "--seed is not that run's; give --seed 3"),
        (Settings(), Settings(metric="brier"), "leave --metric out"),
        (Settings(classes="a.csv"), Settings(), "--classes is not that run's; give --classes a.csv"),
        (Settings(max_params=900), Settings(), "--max-params is not that run's; give --max-params 900"),
        (Settings(), Settings(max_latency=0.02), "leave --max-latency out"),
        (Settings(storage="postgresql://me:secret@host/db"), Settings(), r"give --storage postgresql://me:\*\*\*@host"),
    ],
)
def test_a_run_does_not_go_on_with_what_its_trials_rest_on_changed(tmp_path, then, now, words):
    with pytest.raises(InputError, match=words) as caught:
        check_same(folder_of(tmp_path, then), DATA, now)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("part", ["target", "sources"])
def test_a_run_does_not_go_on_with_other_data(tmp_path, part):
    with pytest.raises(InputError, match=f"the {part} differ"):
        check_same(folder_of(tmp_path, Settings()), DATA | {part: {"digest": "other"}}, Settings())


def test_settings_are_json_without_the_password():
    values = settings_json(Settings(out=Path("x/y"), drop=("a",), storage="postgresql+psycopg://me:secret@host/db"))
    assert json.loads(json.dumps(values)) == values
    assert (values["out"], values["drop"]) == (str(Path("x/y")), ["a"])
    assert "secret" not in json.dumps(values)


def test_what_was_named_is_kept_by_name_and_what_was_given_has_none():
    raw = RawData("r", Modality.FEATURES, np.zeros((1, 1)))
    assert given_names("t.csv", [Path("s.csv"), raw]) == {"target": "t.csv", "sources": ["s.csv", None]}


def test_the_environment_names_the_versions():
    found = environment()
    assert found["packages"]["numpy"] == np.__version__
    assert found["cores"] >= 1
    json.dumps(found)
