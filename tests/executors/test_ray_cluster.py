"""A Ray of one's own on this machine. Skipped without the package ray, an optional extra."""

from __future__ import annotations

import os
import sys
import threading

import cloudpickle
import pytest

from autotransfer.errors import InputError
from autotransfer.executors.executor import Finished, Limits
from autotransfer.executors.ray_cluster import LOCAL, RayCluster

pytest.importorskip("ray", reason="the optional package ray is not installed")
cloudpickle.register_pickle_by_value(sys.modules[__name__])  # Ray's workers cannot import a test module

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]  # Ray warns about its own affairs
MIB = 2**20
PATIENCE = 120.0


def work(bench: int, job: tuple) -> object:
    function, *arguments = job
    return function(bench, *arguments)


def hang(bench: int) -> None:
    while True:
        pass


def crash(bench: int) -> None:
    os.abort()


def fail(bench: int) -> None:
    raise ValueError("two\nlines")


def lock(bench: int) -> object:
    return threading.Lock()


def allocate(bench: int, size: int) -> int:
    return len(bytearray(size))


@pytest.fixture(scope="module")
def cluster():
    with RayCluster(work, 2, LOCAL) as shared:
        yield shared


def run(cluster: RayCluster, *job: object, limits: Limits | None = None) -> Finished:
    ticket = cluster.submit(job, limits or Limits())
    (finished,) = cluster.wait(PATIENCE)
    assert finished.ticket == ticket
    return finished


def test_outcomes(cluster):
    """outcome = work(bench, job), as with every executor."""
    assert cluster.capacity >= 1
    assert run(cluster, pow, 5).outcome == 32
    assert cluster.wait(PATIENCE) == []


@pytest.mark.parametrize(
    ("job", "limits", "error"),
    [
        ((fail,), Limits(), "ValueError: two lines"),
        ((lock,), Limits(), "its outcome cannot be sent: TypeError: cannot pickle '_thread.lock' object"),
        ((hang,), Limits(seconds=5.0), "took longer than 5 s"),
        ((allocate, 400 * MIB), Limits(memory=100 * MIB), "used more than 100 MiB"),
    ],
)
def test_a_failing_job_fails_alone(cluster, job, limits, error):
    """The same words as in a worker pool, and the next job succeeds."""
    assert run(cluster, *job, limits=limits).error == error
    assert run(cluster, pow, 3).outcome == 8


def test_a_crash_fails_alone(cluster):
    """A crash is not retried and spares the next job."""
    error = run(cluster, crash).error
    assert error is not None
    assert "Crash" in error
    assert "\n" not in error
    assert run(cluster, pow, 4).outcome == 16


def test_abandon(cluster):
    """A running job is cancelled and never reported."""
    cluster.submit((hang,), Limits())
    cluster.abandon()
    assert cluster.wait(PATIENCE) == []
    assert run(cluster, pow, 3).outcome == 8


def test_full(cluster):
    """More jobs than cores are a bug of the caller."""
    for _ in range(cluster.capacity):
        cluster.submit((pow, 2), Limits())
    with pytest.raises(RuntimeError, match="full"):
        cluster.submit((pow, 2), Limits())
    left = cluster.capacity
    while left:
        left -= len(cluster.wait(PATIENCE))


def test_close_twice(cluster):
    """The second call does nothing; closing an executor that joined a Ray leaves that Ray alone."""
    other = RayCluster(work, 2, LOCAL)  # joins the Ray that this process already has
    other.close()
    other.close()
    assert run(cluster, pow, 2).outcome == 4


def test_nobody_at_the_address():
    """A wrong address is the user's to mend: the error names it."""
    import ray

    ray.shutdown()
    with pytest.raises(InputError, match=r"--ray 127\.0\.0\.1:1: no cluster"):
        RayCluster(work, 2, "127.0.0.1:1")
