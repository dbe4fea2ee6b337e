"""What a worker does with one request, in the test's own process."""

from __future__ import annotations

import pickle
import resource
import sys
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import numpy as np
import pytest

from autotransfer.executors.worker import allocated, dumps, execute, memory_limit, serve

linux = pytest.mark.skipif(sys.platform != "linux", reason="memory limits are enforced on Linux alone")
MIB = 2**20


class Stubborn:
    """Cannot be pickled, and says so in two lines."""

    def __reduce__(self) -> str:
        raise TypeError("cannot\nbe sent")


def work(bench: object, job: object) -> object:
    if job == "fail":
        raise ValueError("two\nlines")
    if job == "exit":
        sys.exit(3)
    if job == "stubborn":
        return Stubborn()
    if isinstance(job, int):
        return len(bytearray(job))
    return bench, job


def answer(job: object, memory: int | None = None) -> tuple[object, str | None, float]:
    return read(execute(work, "bench", dumps((job, memory))))


def read(reply: bytes) -> tuple[object, str | None, float]:
    return pickle.loads(reply)  # noqa: S301 - made in this test


def test_outcomes_and_errors():
    """A reply is (outcome, error in one line, seconds), whatever the job does."""
    assert answer("x")[:2] == (("bench", "x"), None)
    assert answer("fail")[:2] == (None, "ValueError: two lines")
    assert answer("exit")[:2] == (None, "SystemExit: 3")
    assert answer("stubborn")[:2] == (None, "its outcome cannot be sent: TypeError: cannot be sent")
    assert answer("x")[2] >= 0


def test_an_unreadable_request_is_an_error_of_the_job():
    """Garbage in place of a request must not end the worker."""
    outcome, error, _ = read(execute(work, None, b"garbage"))
    assert outcome is None
    assert error is not None
    assert error.startswith("UnpicklingError")


@pytest.mark.parametrize("moment", ["before a job", "within a job"])
def test_a_worker_ends_quietly_when_the_other_side_leaves(moment: str):
    """Ctrl-C closes the connection at any moment: the worker returns from ``serve`` and raises nothing."""
    ours, theirs = Pipe()

    def leave(bench: Connection, job: object) -> object:
        bench.close()
        return job

    if moment == "before a job":
        ours.close()
    else:
        ours.send_bytes(dumps(("x", None)))
    assert serve(theirs, leave, ours) is None
    assert ours.closed


@linux
def test_memory_limit_counts_from_what_is_held():
    """With M bytes held before, a limit of L lets L/2 pass and stops 4L; afterwards 4L passes again."""
    held = np.ones(64 * MIB, dtype=np.uint8)
    limit = 32 * MIB
    assert answer(limit // 2, limit)[:2] == (limit // 2, None)
    assert answer(4 * limit, limit)[:2] == (None, "used more than 32 MiB")
    assert answer(4 * limit)[:2] == (4 * limit, None)
    assert held[-1] == 1


def fail_within_limit(before: tuple[int, int]) -> None:
    with memory_limit(64 * MIB):
        assert resource.getrlimit(resource.RLIMIT_DATA) != before
        raise ValueError("inside")


@linux
def test_memory_limit_is_lifted_after_an_error():
    """The process gets its old limit back, whatever happens inside."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with pytest.raises(ValueError, match="inside"):
        fail_within_limit(before)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


@linux
def test_allocated_follows_allocations():
    """allocated() grows by at least the size of a new array."""
    before = allocated()
    block = np.ones(128 * MIB, dtype=np.uint8)
    assert allocated() - before >= 0.9 * block.nbytes
