"""What a worker process does: receive a job, do it within its memory limit, answer."""

from __future__ import annotations

import gc
import pickle
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from autotransfer.executors.failure import one_line, ran_out_of_memory, too_large

Reply = tuple[Any, str | None, float]
"""What comes back for a job: outcome, error, seconds."""


def dumps(value: object) -> bytes:
    """A pickle that also carries functions and classes of the user's own script or notebook."""
    import cloudpickle

    return bytes(cloudpickle.dumps(value, protocol=5))


def serve(connection: Connection, work: Callable[[Any, Any], Any], bench: object) -> None:
    """Answer jobs until the other side is gone."""
    with suppress(EOFError, ConnectionError):  # it may leave before a job, within a message, or before the answer
        while True:
            connection.send_bytes(execute(work, bench, connection.recv_bytes()))


def execute(work: Callable[[Any, Any], Any], bench: object, request: bytes) -> bytes:
    """Do the pickled ``(job, memory limit in bytes or None)`` and return the pickled :data:`Reply`."""
    started = time.monotonic()
    outcome: Any = None
    error: str | None = None
    memory: int | None = None
    try:
        job, memory = pickle.loads(request)  # noqa: S301 - from the parent process
        with memory_limit(memory):
            outcome = work(bench, job)
    except BaseException as failure:  # SystemExit and KeyboardInterrupt too: the worker goes on to the next job
        error = one_line(failure)
        if memory is not None and ran_out_of_memory(failure):
            error = too_large(memory)
    if error is not None:
        gc.collect()  # arrays caught in reference cycles would be part of the next job's allowance
    seconds = time.monotonic() - started
    try:
        return dumps((outcome, error, seconds))
    except Exception as failure:
        return dumps((None, f"its outcome cannot be sent: {one_line(failure)}", seconds))


@contextmanager
def memory_limit(extra: int | None) -> Iterator[None]:
    """Let this process allocate at most ``extra`` more bytes; None: as it likes.

    Linux counts private writable memory for this limit, so that a failed allocation is a ``MemoryError`` in Python and
    ``bad_alloc`` in C++. Other systems do not enforce it.
    """
    if extra is None or sys.platform != "linux":
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = allocated() + extra
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def allocated() -> int:
    """Bytes of private writable memory of this process, as Linux counts them for ``RLIMIT_DATA``."""
    for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    raise OSError("/proc/self/status has no line VmData")
