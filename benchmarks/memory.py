"""Peak memory of a process with all of its descendants. Linux only."""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
POLL = 0.1
"""Seconds between two looks."""


def peak_of_tree(process: subprocess.Popen[str]) -> int:
    """Wait for the process to end; the largest sum seen, in bytes, of proportional set sizes.

    A page that k processes share counts 1/k for each, so forked workers are not counted twice. Between two looks a
    short peak can be missed; the largest resident set that the kernel recorded for a single process is not.
    """
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(_proportional, tree(process.pid))))
        with suppress(subprocess.TimeoutExpired):
            process.wait(POLL)
    return max(peak, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)


def tree(root: int) -> Iterator[int]:
    """The process and its descendants, in whatever sessions they are."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            with suppress(OSError):  # it ended a moment ago
                stat = (folder / "stat").read_text(encoding="ascii", errors="replace")
                children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(folder.name))
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += children.get(pid, [])


def _proportional(pid: int) -> int:
    with suppress(OSError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
