"""Jobs on the machines of a Ray cluster. Needs the extra ``[ray]``."""

from __future__ import annotations

import pickle
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, final

from autotransfer.errors import InputError, MissingDependencyError
from autotransfer.executors.executor import Executor, Finished, Job, Limits, Outcome
from autotransfer.executors.failure import one_line, too_slow
from autotransfer.executors.worker import Reply, dumps, execute

LOCAL = "local"
"""The address that starts a Ray of one's own on this machine."""

_REACH_SECONDS = 10.0


@dataclass(frozen=True)
class _Task:
    ticket: int
    limits: Limits
    started: float

    @property
    def deadline(self) -> float:
        return float("inf") if self.limits.seconds is None else self.started + self.limits.seconds


@final
class RayCluster(Executor[Job, Outcome], Generic[Job, Outcome]):
    """Runs each job as a Ray task that is never retried; the bench is put into the object store once.

    Time limits count from :meth:`submit`, so they include the seconds that Ray takes to start a worker. A memory limit
    is enforced inside the job (Linux) and reserved at the scheduler. A crash fails its own job.

    :param address: of the cluster (``"auto"``, ``"ray://host:10001"``, ...), or ``"local"``.
    """

    def __init__(self, work: Callable[[Any, Job], Outcome], bench: object, address: str) -> None:
        try:
            import ray
        except ImportError as error:
            raise MissingDependencyError("--ray", "ray", "ray") from error
        self._ray = ray
        self._owns = not ray.is_initialized()
        if self._owns:
            try:
                _reach(address)
                ray.init(address=address, log_to_driver=False, configure_logging=False)
            except (OSError, ValueError, RuntimeError) as error:
                raise InputError(f"--ray {address}: no cluster answers there ({one_line(error)})") from error
        self._cores = max(1, int(ray.cluster_resources().get("CPU", 1)))
        self._bench = ray.put(bench)
        self._work = ray.put(work)
        self._execute = ray.remote(max_retries=0)(execute)
        self._running: dict[Any, _Task] = {}
        self._tickets = 0

    @property
    def capacity(self) -> int:
        """The cores of the cluster when it was joined."""
        return self._cores

    def submit(self, job: Job, limits: Limits) -> int:
        """Start a task."""
        if len(self._running) >= self._cores:
            raise RuntimeError("submit: the cluster is full: wait for a job first")
        self._tickets += 1
        task = self._execute.options(memory=limits.memory)
        reference = task.remote(self._work, self._bench, dumps((job, limits.memory)))
        self._running[reference] = _Task(self._tickets, limits, time.monotonic())
        return self._tickets

    def wait(self, seconds: float) -> list[Finished[Outcome]]:
        """Jobs that finished; returns at once when none is running."""
        give_up = time.monotonic() + seconds
        finished: list[Finished[Outcome]] = []
        while self._running and not finished:
            moment = min(give_up, *(task.deadline for task in self._running.values()))
            ready, _ = self._ray.wait(list(self._running), timeout=max(0.0, moment - time.monotonic()))
            finished = [self._collect(reference) for reference in ready] + self._end_overdue()
            if time.monotonic() >= give_up:
                break
        return finished

    def abandon(self) -> None:
        """Cancel what runs."""
        for reference in self._running:
            self._ray.cancel(reference, force=True)
        self._running.clear()

    def close(self) -> None:
        """Cancel what runs; leave the cluster when this joined it."""
        self.abandon()
        if self._owns:
            self._ray.shutdown()
            self._owns = False

    def _collect(self, reference: Any) -> Finished[Outcome]:
        task = self._running.pop(reference)
        try:
            reply: Reply = pickle.loads(self._ray.get(reference))  # noqa: S301 - from a process of this run
        except Exception as failure:
            return Finished(task.ticket, None, _reason(failure), time.monotonic() - task.started)
        return Finished(task.ticket, *reply)

    def _end_overdue(self) -> list[Finished[Outcome]]:
        now = time.monotonic()
        ended: list[Finished[Outcome]] = []
        for reference, task in list(self._running.items()):
            if task.limits.seconds is not None and now >= task.deadline:
                self._ray.cancel(reference, force=True)
                del self._running[reference]
                ended.append(Finished(task.ticket, None, too_slow(task.limits.seconds), now - task.started))
        return ended


def _reach(address: str) -> None:
    """Raise ``OSError`` when nobody listens at ``host:port``: Ray itself would try for minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon:
        socket.create_connection((host, int(port)), timeout=_REACH_SECONDS).close()


def _reason(failure: Exception) -> str:
    """Ray's messages run over many lines with advice; the type and the first sentence say what happened."""
    return one_line(failure).split(". ")[0]
