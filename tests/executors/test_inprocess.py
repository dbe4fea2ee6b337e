"""Jobs in the test's own process."""

from __future__ import annotations

import sys

import pytest

from autotransfer.executors.executor import Limits
from autotransfer.executors.inprocess import InProcess


def work(bench: dict[str, int], job: str) -> int:
    if job == "interrupt":
        raise KeyboardInterrupt
    if job == "exit":
        sys.exit(3)
    return bench[job]


def test_a_job_meets_the_bench():
    """outcome = work(bench, job), tickets are distinct, and a job is reported once."""
    with InProcess(work, {"a": 1, "b": 2}) as executor:
        assert executor.capacity == 1
        seen = {}
        for job in ("a", "b"):
            ticket = executor.submit(job, Limits())
            (finished,) = executor.wait(0.0)
            assert finished.ticket == ticket
            assert finished.error is None
            assert finished.seconds >= 0
            seen[ticket] = finished.outcome
        assert list(seen.values()) == [1, 2]
        assert executor.wait(0.0) == []


@pytest.mark.parametrize(("job", "error"), [("missing", "KeyError: 'missing'"), ("exit", "SystemExit: 3")])
def test_exceptions_fail_the_job_alone(job, error):
    """Every exception, SystemExit too, becomes one line, and the next job runs."""
    with InProcess(work, {"a": 1}) as executor:
        executor.submit(job, Limits())
        (finished,) = executor.wait(0.0)
        assert (finished.outcome, finished.error) == (None, error)
        executor.submit("a", Limits())
        assert executor.wait(0.0)[0].outcome == 1


def test_ctrl_c_passes_through():
    """KeyboardInterrupt belongs to the user, not to the job."""
    with InProcess(work, {}) as executor:
        executor.submit("interrupt", Limits())
        with pytest.raises(KeyboardInterrupt):
            executor.wait(0.0)


def test_a_second_job_must_wait():
    """Submitting beyond the capacity is a bug of the caller; closing forgets what was not run."""
    executor = InProcess(work, {"a": 1})
    executor.submit("a", Limits())
    with pytest.raises(RuntimeError, match="full"):
        executor.submit("a", Limits())
    executor.close()
    executor.close()
    assert executor.wait(0.0) == []


def test_abandon_forgets_the_job():
    """An abandoned job is never run, and the next one is."""
    with InProcess(work, {"a": 1}) as executor:
        executor.submit("exit", Limits())
        executor.abandon()
        assert executor.wait(0.0) == []
        executor.submit("a", Limits())
        assert executor.wait(0.0)[0].outcome == 1
