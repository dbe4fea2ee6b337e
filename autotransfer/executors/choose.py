"""Which executor the settings ask for."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from autotransfer.errors import InputError
from autotransfer.executors.executor import Executor, Job, Outcome
from autotransfer.settings import Settings

MOST_WORKERS = 4
"""Workers when the settings leave it open: more seldom pays for small data, and memory is shared too."""

PRELOAD = (
    "numpy",
    "pandas",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.neighbors",
    "sklearn.neural_network",
    "sklearn.pipeline",
)
"""What most methods import: done once in the template, a new worker starts in milliseconds."""


def make_executor(
    work: Callable[[Any, Job], Outcome], bench: object, settings: Settings, preload: Sequence[str] = PRELOAD
) -> Executor[Job, Outcome]:
    """Ray when an address is given, this process for 0 workers, else a pool. Raises ``InputError``.

    :param work: an importable function, called as ``work(bench, job)``.
    :param bench: what all jobs need; loaded once, never changed.
    :param preload: modules that workers find imported.
    """
    if settings.ray is not None:
        from autotransfer.executors.ray_cluster import RayCluster

        return RayCluster(work, bench, settings.ray)
    cores = available_cores()
    workers = min(MOST_WORKERS, cores) if settings.workers is None else settings.workers
    can_fork = hasattr(os, "fork")
    if settings.workers and not can_fork:
        raise InputError(f"--workers {settings.workers}: this system cannot fork processes: use --workers 0")
    if workers == 0 or not can_fork:
        from autotransfer.executors.inprocess import InProcess

        return InProcess(work, bench)
    from autotransfer.executors.pool import WorkerPool

    # One core is left to the main process: numerical libraries that wait for a busy core spin, and crawl.
    return WorkerPool(work, bench, workers, preload, threads=max(1, (cores - 1) // workers))


def available_cores(cgroup: Path = Path("/sys/fs/cgroup")) -> int:
    """Cores that this process may use: its affinity, and the quota of its container rounded up; at least 1."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    quota = _quota(cgroup)
    return cores if quota is None else max(1, min(cores, math.ceil(quota)))


def _quota(cgroup: Path) -> float | None:
    """Cores' worth of time that the container gets, or None: version 2 has one file, version 1 has two."""
    for names in (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        files = [cgroup / name for name in names]
        if all(file.is_file() for file in files):
            time, period = " ".join(file.read_text(encoding="ascii") for file in files).split()
            return None if time in ("max", "-1") else int(time) / int(period)
    return None
