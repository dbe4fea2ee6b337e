from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from autotransfer.feature_files import FeatureFiles

GIB = 2**30


def matrix(rows: int = 50, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(rows, 7)).astype(np.float32)


def test_round_trip_is_exact_read_only_and_mapped(tmp_path: Path) -> None:
    files = FeatureFiles(tmp_path, GIB)
    files.store("key", matrix())
    loaded = files.load("key")
    np.testing.assert_array_equal(loaded, matrix())
    assert loaded.dtype == np.float32
    assert not loaded.flags.writeable
    assert isinstance(loaded.base, np.memmap)
    assert files.load("other") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:5],
        lambda content: content[:-40],
        lambda content: content[:200] + bytes(40) + content[240:],
        lambda content: b"nothing like it" * 20,
    ],
    ids=["empty", "header cut", "rows cut", "zeroed block", "foreign"],
)
def test_any_damage_is_noticed_and_mended_by_the_next_write(tmp_path, damage, caplog) -> None:
    files = FeatureFiles(tmp_path, GIB)
    files.store("key", matrix())
    path = tmp_path / "key.npy"
    path.write_bytes(damage(path.read_bytes()))
    with caplog.at_level(logging.WARNING):
        assert files.load("key") is None
    assert "damaged" in caplog.text
    files.store("key", matrix())
    np.testing.assert_array_equal(files.load("key"), matrix())


WRITE_FOR_EVER = """
import sys, numpy as np
from pathlib import Path
from autotransfer.feature_files import FeatureFiles
files = FeatureFiles(Path(sys.argv[1]), 2**40)
content = np.full((20_000, 64), float(sys.argv[2]), np.float32)
print("ready", flush=True)
while True:
    files.store("key", content)
"""


def writer(folder: Path, value: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE_FOR_EVER, str(folder), str(value)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_two_writers_of_one_key_and_a_kill_leave_one_whole_file(tmp_path: Path, caplog) -> None:
    """At every moment, kill -9 in mid-write included, the file is entirely one writer's content."""
    processes = [writer(tmp_path, value) for value in (1, 2)]
    files = FeatureFiles(tmp_path, GIB)
    seen = set()
    try:
        deadline = time.monotonic() + 20
        while seen != {1.0, 2.0} and time.monotonic() < deadline:
            loaded = files.load("key")
            if loaded is not None:
                assert (loaded == loaded[0, 0]).all()
                seen.add(float(loaded[0, 0]))
        # a temporary file that is there right now is in mid-write, or about to be renamed
        while not list(tmp_path.glob(".*.tmp")) and time.monotonic() < deadline:
            pass
    finally:
        for process in processes:
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
    assert seen == {1.0, 2.0}
    loaded = files.load("key")
    assert (loaded == loaded[0, 0]).all()
    assert sorted(path.name for path in tmp_path.glob("*.npy")) == ["key.npy"]


def test_leftovers_are_cleared_after_a_day(tmp_path: Path) -> None:
    old, fresh = tmp_path / ".a.1.tmp", tmp_path / ".b.2.tmp"
    for path in (old, fresh):
        path.write_bytes(b"half a matr")
    os.utime(old, (time.time() - 90_000,) * 2)
    FeatureFiles(tmp_path, GIB).store("key", matrix())
    assert not old.exists()
    assert fresh.exists()


def test_prune_deletes_what_was_used_longest_ago(tmp_path: Path) -> None:
    files = FeatureFiles(tmp_path, GIB)
    for age, key in enumerate("abcd"):
        files.store(key, matrix())
        os.utime(tmp_path / f"{key}.npy", (time.time() - 1000 + age,) * 2)
    kept = files.load("a")  # reading counts as use
    size = (tmp_path / "a.npy").stat().st_size
    files.prune(2 * size)
    assert sorted(path.stem for path in tmp_path.glob("*.npy")) == ["a", "d"]
    files.prune(0)
    assert not list(tmp_path.glob("*.npy"))
    np.testing.assert_array_equal(kept, matrix())


def test_the_folder_stays_about_as_small_as_told(tmp_path: Path) -> None:
    limit = 50_000
    files = FeatureFiles(tmp_path, limit)
    for seed in range(100):
        files.store(str(seed), matrix(seed=seed))
    assert 0 < sum(path.stat().st_size for path in tmp_path.glob("*.npy")) < 1.2 * limit


def test_a_disk_that_cannot_be_written_warns_and_goes_on(tmp_path: Path, caplog) -> None:
    (tmp_path / "file").write_text("not a folder")
    files = FeatureFiles(tmp_path / "file" / "below", GIB)
    with caplog.at_level(logging.WARNING):
        files.store("key", matrix())
    assert "not kept on disk" in caplog.text
