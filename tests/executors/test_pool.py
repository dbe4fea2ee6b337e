"""Worker processes and everything that can befall them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from multiprocessing.connection import wait
from pathlib import Path

import cloudpickle
import numpy as np
import pytest

from autotransfer.errors import InputError
from autotransfer.executors.executor import Finished, Limits
from autotransfer.executors.pool import WorkerPool

cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers cannot import a test module
linux = pytest.mark.skipif(sys.platform != "linux", reason="uses pidfd and RLIMIT_DATA, which Linux alone has")

MIB = 2**20
PATIENCE = 60.0
"""Seconds that anything may take on a busy machine before a test fails."""


class RudeError(Exception):
    """Cannot be pickled, and its message has two lines."""

    def __init__(self) -> None:
        super().__init__("two\nlines")
        self.lock = threading.Lock()


class Poison:
    """Pickles well and raises when it is read back."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return int, ("not a number",)


def hang() -> None:
    while True:
        pass


def announce(path: str) -> None:
    draft = Path(f"{path}.draft")
    draft.write_text(f"{os.getpid()} {os.getppid()}")
    draft.rename(path)


def announce_and_hang(path: str) -> None:
    announce(path)
    hang()


def segfault() -> None:
    import ctypes

    ctypes.string_at(0)


def rude() -> None:
    raise RudeError


def allocate(kind: str) -> int:
    if kind == "numpy":
        return int(np.zeros(400 * MIB, dtype=np.uint8).nbytes)
    return len(bytearray(400 * MIB))


def spoil(bench: np.ndarray) -> None:
    bench[0] = 7.0


def call(bench: object, job: tuple) -> object:
    """The work of most pools here: the job brings its function."""
    function, *arguments = job
    return function(*arguments)


def with_bench(bench: object, job: tuple) -> object:
    function, *arguments = job
    return function(bench, *arguments)


def one(pool: WorkerPool) -> Finished:
    (finished,) = pool.wait(PATIENCE)
    return finished


def run(pool: WorkerPool, *job: object, limits: Limits | None = None) -> Finished:
    ticket = pool.submit(job, limits or Limits())
    finished = one(pool)
    assert finished.ticket == ticket
    return finished


def until(path: Path) -> list[int]:
    """Process ids that a job announces in a file."""
    deadline = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} was never written"
        os.sched_yield()
    return [int(word) for word in path.read_text().split()]


def all_gone(pids: list[int], seconds: float) -> bool:
    """Whether every process ends within the time; waits for the kernel's notice, not by the clock."""
    deadline = time.monotonic() + seconds
    handles = []
    for pid in pids:
        try:
            handles.append(os.pidfd_open(pid))
        except ProcessLookupError:
            continue
    try:
        left = list(handles)
        while left and time.monotonic() < deadline:
            for handle in wait(left, max(0.0, deadline - time.monotonic())):
                left.remove(handle)
        return not left
    finally:
        for handle in handles:
            os.close(handle)


@pytest.fixture(scope="module")
def pool():
    with WorkerPool(call, None, 2) as shared:
        yield shared


def test_outcomes_come_back_with_their_tickets(pool):
    """Two jobs at once: {ticket: outcome} is what was submitted, whichever ends first."""
    assert pool.capacity == 2
    wanted = {pool.submit((pow, base, 2), Limits()): base**2 for base in (3, 4)}
    with pytest.raises(RuntimeError, match="full"):
        pool.submit((pow, 5, 2), Limits())
    got = {}
    while len(got) < 2:
        got |= {finished.ticket: finished.outcome for finished in pool.wait(PATIENCE)}
    assert got == wanted
    assert pool.wait(PATIENCE) == []


@pytest.mark.parametrize(
    ("job", "error"),
    [
        ((os.abort,), "worker died: signal SIGABRT"),
        ((segfault,), "worker died: signal SIGSEGV"),
        ((os._exit, 0), "worker died: exit code 0"),
        ((os._exit, 9), "worker died: exit code 9"),
        ((sys.exit, 3), "SystemExit: 3"),
        ((rude,), "RudeError: two lines"),
        ((threading.Lock,), "its outcome cannot be sent: TypeError: cannot pickle '_thread.lock' object"),
        ((Poison,), "its outcome cannot be read: ValueError: invalid literal for int() with base 10: 'not a number'"),
        ((os.close, 10**9), "OSError: [Errno 9] Bad file descriptor"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_a_failing_job_fails_alone(pool, job, error):
    """The error says what happened in one line, and the very next job succeeds."""
    finished = run(pool, *job)
    assert (finished.outcome, finished.error) == (None, error)
    assert run(pool, pow, 2, 5).outcome == 32


def test_a_job_that_closes_its_connection_is_not_waited_for_forever(pool):
    """A worker that can no longer answer is ended, and the job fails."""
    error = run(pool, os.closerange, 3, 256).error
    assert error is not None
    assert error.startswith("worker died")


def test_a_crash_spares_the_neighbour(pool, tmp_path):
    """While one worker crashes, the job beside it goes on to its end."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    steady = pool.submit((Path.read_text, fifo), Limits())
    crashing = pool.submit((segfault,), Limits())
    assert one(pool).ticket == crashing
    fifo.write_text("still here")
    finished = one(pool)
    assert (finished.ticket, finished.outcome) == (steady, "still here")


def test_time_limit_kills_a_loop(pool):
    """A loop without end is over soon after its limit, the error names the limit, the neighbour is spared."""
    started = time.monotonic()
    finished = run(pool, hang, limits=Limits(seconds=0.5))
    assert finished.error == "took longer than 0.5 s"
    assert 0.5 <= finished.seconds <= time.monotonic() - started
    assert run(pool, pow, 2, 5).outcome == 32


def test_wait_gives_up(pool, tmp_path):
    """wait(s) returns [] when nothing finishes within s seconds, and the job can still be collected."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    pool.submit((Path.read_text, fifo), Limits())
    assert pool.wait(0.01) == []
    fifo.write_text("late")
    assert one(pool).outcome == "late"


@linux
@pytest.mark.parametrize("kind", ["numpy", "bytearray"])
def test_memory_limit(pool, kind):
    """400 MiB are too many under a limit of 100 MiB, and none without a limit."""
    finished = run(pool, allocate, kind, limits=Limits(memory=100 * MIB))
    assert finished.error == "used more than 100 MiB"
    assert run(pool, allocate, kind).outcome == 400 * MIB


@linux
def test_what_a_job_started_dies_with_it(pool, tmp_path):
    """A child process of a job does not survive the job's worker."""
    assert run(pool, leave_a_child_behind, str(tmp_path / "child")).error == "worker died: exit code 3"
    assert all_gone(until(tmp_path / "child")[:1], PATIENCE)


def leave_a_child_behind(path: str) -> None:
    if os.fork() == 0:
        announce_and_hang(path)
    until(Path(path))
    os._exit(3)


@linux
def test_killed_from_outside_while_idle(pool, tmp_path):
    """An idle worker that the kernel kills is replaced: no later job notices."""
    run(pool, announce, str(tmp_path / "pid"))
    worker, _ = until(tmp_path / "pid")
    os.kill(worker, 9)
    assert all_gone([worker], PATIENCE)
    assert [run(pool, pow, 2, power).outcome for power in range(4)] == [1, 2, 4, 8]


@linux
def test_loss_of_the_template(tmp_path):
    """When the template itself is killed, running jobs fail, no worker is left behind, and the pool goes on."""
    with WorkerPool(call, None, 2) as pool:
        pool.submit((announce_and_hang, str(tmp_path / "pid")), Limits())
        worker, template = until(tmp_path / "pid")
        os.kill(template, 9)
        assert one(pool).error == "worker died: the process that it was forked from was killed"
        assert all_gone([worker, template], PATIENCE)
        assert run(pool, pow, 2, 5).outcome == 32


def test_bench_is_read_only_and_shared():
    """Array data of the bench cannot be changed by a job, so every job meets the same bench."""
    with WorkerPool(with_bench, np.arange(4.0), 1) as pool:
        assert run(pool, np.sum).outcome == 6.0
        error = run(pool, spoil).error
        assert error is not None
        assert "read-only" in error
        assert run(pool, np.sum).outcome == 6.0


def test_threads_are_limited():
    """Each worker tells its libraries how many threads they may use, before they are imported."""
    with WorkerPool(call, None, 1, threads=3) as pool:
        assert run(pool, os.getenv, "OMP_NUM_THREADS").outcome == "3"


def test_a_bench_that_cannot_be_loaded():
    """The error is for the user: it names the reason and the way out."""
    with WorkerPool(call, Poison(), 1) as pool, pytest.raises(InputError, match=r"ValueError.*--workers 0"):
        pool.submit((pow, 2, 2), Limits())


def test_two_pools_do_not_meet():
    """Closing one pool leaves the other alone."""
    with WorkerPool(with_bench, 1, 1) as first, WorkerPool(with_bench, 2, 1) as second:
        assert run(first, pow, 5).outcome == 1
        assert run(second, pow, 5).outcome == 32
        first.close()
        assert run(second, pow, 4).outcome == 16


@linux
def test_close_kills_at_once_and_can_be_repeated(tmp_path):
    """After close() the process of a running job is gone, and nothing can be submitted."""
    pool = WorkerPool(call, None, 1)
    pool.submit((announce_and_hang, str(tmp_path / "pid")), Limits())
    pids = until(tmp_path / "pid")
    pool.close()
    assert all_gone(pids, 0.0)
    pool.close()
    with pytest.raises(RuntimeError, match="closed"):
        pool.submit((pow, 2, 2), Limits())


@linux
def test_abandon_forgets_what_runs(pool, tmp_path):
    """A running job is killed and never reported; the pool goes on."""
    pool.submit((announce_and_hang, str(tmp_path / "pid")), Limits())
    worker, _ = until(tmp_path / "pid")
    pool.abandon()
    assert all_gone([worker], PATIENCE)
    assert pool.wait(PATIENCE) == []
    assert run(pool, pow, 2, 5).outcome == 32


@pytest.mark.parametrize("where", ["_hand_over", "_receive", "_notice_exits"])
def test_ctrl_c_in_the_middle_of_a_conversation(where, monkeypatch):
    """Wherever KeyboardInterrupt strikes, after abandon() jobs meet their own outcomes again."""
    with WorkerPool(call, None, 1) as pool:
        assert run(pool, pow, 2, 4).outcome == 16
        with monkeypatch.context() as patch:
            patch.setattr(pool, where, interrupt)
            with pytest.raises(KeyboardInterrupt):
                run(pool, pow, 2, 5)
        pool.abandon()
        assert run(pool, pow, 2, 6).outcome == 64


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_at_least_one_worker():
    """A pool of nobody is a bug of the caller."""
    with pytest.raises(ValueError, match="at least 1"):
        WorkerPool(call, None, 0)


SCRIPT = """
import sys, os, pathlib
from autotransfer.executors.executor import Limits
from autotransfer.executors.pool import WorkerPool

class Job:  # of the script itself, which has no __main__ guard
    def __init__(self, path): self.path = path

def work(bench, job):
    print("noise from a job")
    if job.path is None: return job
    draft = pathlib.Path(job.path + ".draft")
    draft.write_text(f"{os.getpid()} {os.getppid()}")
    draft.rename(job.path)
    while True: pass

folder = sys.argv[1]
with WorkerPool(work, None, 2) as pool:
    pool.submit(Job(None), Limits())
    assert isinstance(pool.wait(60)[0].outcome, Job)
    for name in "ab":
        pool.submit(Job(f"{folder}/{name}"), Limits())
    try:
        pool.wait(600)
    except KeyboardInterrupt:
        print("interrupted")
"""


@pytest.fixture
def script(tmp_path):
    """A script whose pool runs two endless jobs, and the ids of its workers and template."""
    (tmp_path / "script.py").write_text(SCRIPT)
    with subprocess.Popen(
        [sys.executable, tmp_path / "script.py", tmp_path], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process, sorted({*until(tmp_path / "a"), *until(tmp_path / "b")})
        finally:
            process.kill()


@linux
def test_nothing_survives_a_killed_parent(script):
    """SIGKILL to the parent: workers and template are gone within 5 s."""
    process, pids = script
    assert len(pids) == 3
    process.kill()
    assert all_gone(pids, 5.0)


@linux
def test_ctrl_c_is_the_parents_affair(script):
    """SIGINT reaches the script as KeyboardInterrupt; it ends its workers and goes on. Jobs do not print to stdout."""
    process, pids = script
    for pid in pids:
        os.kill(pid, 2)  # as if the terminal had sent it to all
    assert not all_gone(pids, 0.0)
    process.send_signal(2)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert output == "interrupted\n"
    assert all_gone(pids, 0.0)
