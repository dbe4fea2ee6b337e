"""Which executor the settings ask for."""

from __future__ import annotations

import importlib.util
import os

import pytest

from autotransfer.errors import InputError, MissingDependencyError
from autotransfer.executors.choose import MOST_WORKERS, available_cores, make_executor
from autotransfer.executors.executor import Limits
from autotransfer.executors.inprocess import InProcess
from autotransfer.executors.pool import WorkerPool
from autotransfer.settings import Settings


def test_zero_workers_stay_in_process():
    """--workers 0 runs jobs here."""
    with make_executor(pow, 2, Settings(workers=0)) as executor:
        assert isinstance(executor, InProcess)


@pytest.mark.parametrize(("asked", "given"), [(None, min(MOST_WORKERS, available_cores())), (3, 3)])
def test_workers(asked, given):
    """A number is obeyed; none means one a core, at most MOST_WORKERS."""
    with make_executor(pow, 2, Settings(workers=asked), preload=()) as executor:
        assert isinstance(executor, WorkerPool)
        assert executor.capacity == given
        executor.submit(5, Limits())
        assert executor.wait(60.0)[0].outcome == 32


def test_no_fork_no_pool(monkeypatch):
    """Where processes cannot be forked, the default stays in process and a number is refused."""
    monkeypatch.delattr(os, "fork")
    assert isinstance(make_executor(pow, 2, Settings()), InProcess)
    with pytest.raises(InputError, match="--workers 2"):
        make_executor(pow, 2, Settings(workers=2))


@pytest.mark.skipif(importlib.util.find_spec("ray") is not None, reason="ray is installed")
def test_ray_missing():
    """Without the package, the error holds the pip line."""
    with pytest.raises(MissingDependencyError, match=r"autotransfer\[ray\]"):
        make_executor(pow, 2, Settings(ray="local"))


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu.max": "max 100000\n"}, None),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, None),
        ({"cpu/cpu.cfs_quota_us": "100000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1),
        ({}, None),
    ],
)
def test_container_quota(tmp_path, files, cores):
    """cores = min(affinity, ceil(quota / period)), at least 1; None stands for the affinity alone."""
    (tmp_path / "cpu").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert available_cores(tmp_path) == (cores or len(os.sched_getaffinity(0)))
