"""The run directory: refused when in use, and every file whole whenever the writer is killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autotransfer.errors import InputError
from autotransfer.store import RunFolder

WRITER = """
import sys
from pathlib import Path
import numpy as np
from autotransfer.store import RunFolder
folder = RunFolder(Path(sys.argv[1]))
folder.path.mkdir(exist_ok=True)
n = 0
while True:
    folder.write_json({"n": n, "same": [n] * 5000})
    folder.write_text("leaderboard.csv", f"{n}\\n" * 5000)
    folder.save_predictions(n % 3, np.full(20_000, n))
    folder.study_name()
    n += 1
    if n == 4:
        print("ready", flush=True)
"""


def test_every_file_is_whole_whenever_the_writer_is_killed(tmp_path):
    """Every file repeats one number, so a part of it, or a mixture of two, would show."""
    path = tmp_path / "run"
    names = set()
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as process:
            assert process.stdout.readline() == b"ready\n"
            check_whole(RunFolder(path))
            process.send_signal(signal.SIGKILL)
            process.wait()
        check_whole(RunFolder(path))
        names.add(RunFolder(path).study_name())
    assert len(names) == 1  # a resumed run finds its trials


def check_whole(folder: RunFolder) -> None:
    content = folder.read_json()
    assert content["same"] == [content["n"]] * 5000
    lines = (folder.path / "leaderboard.csv").read_text().splitlines()
    assert len(lines) == 5000
    assert len(set(lines)) == 1
    for number in range(3):
        predictions = folder.load_predictions(number)
        assert predictions.shape == (20_000,)
        assert len(np.unique(predictions)) == 1


def test_a_new_folder_is_empty_or_new(tmp_path):
    (tmp_path / "empty").mkdir()
    assert RunFolder.create(tmp_path / "empty").path.is_dir()
    assert RunFolder.create(tmp_path / "deep" / "inside").path.is_dir()
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "thesis.txt").write_text("")
    (tmp_path / "file").write_text("")
    for place in ("used", "file", "file/below"):
        with pytest.raises(InputError, match=f"--out .*{place}") as caught:
            RunFolder.create(tmp_path / place)
        assert len(str(caught.value).splitlines()) == 1
    assert (tmp_path / "used" / "thesis.txt").exists()


@pytest.mark.parametrize("place", ["nothing", "empty"])
def test_a_folder_without_a_run_is_named(tmp_path, place):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=place):
        RunFolder.open(tmp_path / place)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"null"])
def test_a_damaged_run_json_is_one_line(tmp_path, content):
    (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(InputError, match=r"run\.json") as caught:
        RunFolder.open(tmp_path).read_json()
    assert len(str(caught.value).splitlines()) == 1


def test_names_of_studies_differ_between_runs_and_stay(tmp_path):
    """Two runs with folders of one name may share a database."""
    folders = [RunFolder.create(tmp_path / part / "run") for part in "ab"]
    names = [folder.study_name() for folder in folders]
    assert names[0] != names[1]
    assert names == [RunFolder(folder.path).study_name() for folder in folders]


def test_the_log_has_a_line_an_event_even_after_a_torn_one(tmp_path):
    folder = RunFolder(tmp_path)
    folder.log("stage", {"words": "two\nlines"})
    folder.log("trial", {"number": 1})
    events = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [(event["event"], event.get("words"), event.get("number")) for event in events] == [
        ("stage", "two\nlines", None),
        ("trial", None, 1),
    ]
    assert events[0]["time"] <= events[1]["time"]
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write('{"event": "torn')
    folder.log("stage", {"words": "after"})
    assert json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])["words"] == "after"


def test_predictions_that_are_not_there_or_damaged_are_none(tmp_path):
    folder = RunFolder(tmp_path)
    assert folder.load_predictions(0) is None
    folder.save_predictions(0, np.eye(3, dtype=np.float32))
    np.testing.assert_array_equal(folder.load_predictions(0), np.eye(3))
    file = next(Path(tmp_path / "predictions").iterdir())
    for content in (b"", file.read_bytes()[:-1], b"not numpy"):
        file.write_bytes(content)
        assert folder.load_predictions(0) is None
    np.save(file, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert folder.load_predictions(0) is None  # pickles are not read
