"""Work in a process of its own, whose memory is its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

STATUS, REFERENCES = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def alone(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What ``work`` finds, with ``cpu_seconds`` and ``peak_mib``: memory at its height, beyond what was there before.

    In a forked process on one thread. Linux only. Raises ``RuntimeError`` when the work fails.
    """
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(work, there))
    process.start()
    there.close()
    try:
        found: dict[str, Any] = here.recv()
    except EOFError as error:
        raise RuntimeError("the work failed; its traceback is above") from error
    finally:
        process.join()
    return found


def _run(work: Callable[[], dict[str, Any]], there: Connection) -> None:
    import torch

    torch.set_num_threads(1)
    REFERENCES.write_text("5")  # the height is that of now on
    before, started = _kib("VmRSS"), time.process_time()
    found = work()
    seconds = time.process_time() - started
    there.send({**found, "cpu_seconds": seconds, "peak_mib": (_kib("VmHWM") - before) / 1024})


def _kib(field: str) -> int:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1])
