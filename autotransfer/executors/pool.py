"""A pool of isolated worker processes: a hang, a crash or a memory hog fails its own job alone."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, final

from autotransfer.errors import AutoTransferError
from autotransfer.executors.executor import Executor, Finished, Job, Limits, Outcome
from autotransfer.executors.failure import death, one_line, too_slow
from autotransfer.executors.launch import Kit, TemplateHandle, start
from autotransfer.executors.worker import dumps


@dataclass(frozen=True)
class _Task:
    ticket: int
    limits: Limits
    started: float

    @property
    def deadline(self) -> float:
        return float("inf") if self.limits.seconds is None else self.started + self.limits.seconds


@dataclass(eq=False)
class _Worker:
    pid: int
    connection: Connection
    task: _Task | None = None
    hung_up: bool = False


@final
class WorkerPool(Executor[Job, Outcome], Generic[Job, Outcome]):
    """Runs jobs in worker processes, forked from one template process that holds the bench.

    It is not ``concurrent.futures``, ``multiprocessing.Pool`` or ``pebble``: the first two cannot end a job, and in all
    three the workers share pipes and locks, so that one worker killed at the wrong moment breaks the pool (and in
    pebble, a job that leaves by ``os._exit(0)`` is waited for for ever). Here each worker has its own connection. Nor
    does it import the user's script again: no ``if __name__ == "__main__"`` is needed, and functions and classes of a
    script or notebook travel by value.

    Time limits count from :meth:`submit`. Memory limits need Linux. Array data of the bench is read-only in workers,
    and shared between them. What jobs print goes to standard error. Workers ignore Ctrl-C; they end with the pool, and
    with the parent process, even when that is killed.

    :param workers: how many, at least 1; they are started when first needed.
    :param preload: modules to import once, before the first worker is forked.
    :param threads: for the numerical libraries of each worker.
    """

    def __init__(
        self,
        work: Callable[[Any, Job], Outcome],
        bench: object,
        workers: int,
        preload: Sequence[str] = (),
        threads: int = 1,
    ) -> None:
        if workers < 1:
            raise ValueError(f"a pool needs at least 1 worker, not {workers}")
        self._kit = Kit((work, bench), tuple(preload), threads)
        self._size = workers
        self._workers: dict[int, _Worker] = {}
        self._finished: list[Finished[Outcome]] = []
        self._tickets = 0
        self._closed = False
        self._talking = False
        self._template: TemplateHandle | None = start(self._kit)

    @property
    def capacity(self) -> int:
        """The number of workers."""
        return self._size

    def submit(self, job: Job, limits: Limits) -> int:
        """Give the job to an idle or new worker."""
        if self._closed:
            raise RuntimeError("submit: the pool is closed")
        if sum(worker.task is not None for worker in self._workers.values()) + len(self._finished) >= self._size:
            raise RuntimeError("submit: the pool is full: wait for a job first")
        request = dumps((job, limits.memory))
        self._talking = True
        worker = self._hand_over(request)
        self._tickets += 1
        worker.task = _Task(self._tickets, limits, time.monotonic())
        self._talking = False
        return self._tickets

    def wait(self, seconds: float) -> list[Finished[Outcome]]:
        """Jobs that finished; returns at once when none is running."""
        give_up = time.monotonic() + seconds
        while not self._finished and (busy := self._busy()):
            moment = min(give_up, *(task.deadline for _, task in busy))
            self._listen([worker for worker, _ in busy], max(0.0, moment - time.monotonic()))
            self._end_overdue()
            if time.monotonic() >= give_up:
                break
        finished, self._finished = self._finished, []
        return finished

    def abandon(self) -> None:
        """Kill the workers that are busy; others take their place when needed.

        Also the way to go on after Ctrl-C. Where that broke off a message, the template is replaced too.
        """
        if self._talking:
            self._lose_template()
            self._talking = False
        for worker, _ in self._busy():
            self._kill(worker)
            worker.connection.close()
            del self._workers[worker.pid]
        self._finished.clear()

    def close(self) -> None:
        """Kill all workers."""
        self._closed = True
        for worker in self._workers.values():
            worker.connection.close()
        self._workers.clear()
        if self._template is not None:
            self._template.close()
            self._template = None

    def _busy(self) -> list[tuple[_Worker, _Task]]:
        return [(worker, worker.task) for worker in self._workers.values() if worker.task is not None]

    def _hand_over(self, request: bytes) -> _Worker:
        self._notice_exits()
        idle = next((worker for worker in self._workers.values() if worker.task is None and not worker.hung_up), None)
        if idle is not None:
            try:
                idle.connection.send_bytes(request)
            except OSError:  # it died a moment ago
                idle.hung_up = True
            else:
                return idle
        worker = self._hire()
        worker.connection.send_bytes(request)
        return worker

    def _hire(self) -> _Worker:
        for _ in range(2):
            if self._template is None:
                self._template = start(self._kit)
            try:
                worker = _Worker(*self._template.fork())
            except (EOFError, OSError):
                self._lose_template()
            else:
                self._workers[worker.pid] = worker
                return worker
        raise AutoTransferError("worker processes die while they start (out of memory?): use --workers 0")

    def _listen(self, busy: list[_Worker], seconds: float) -> None:
        template = self._template
        if template is None:
            raise RuntimeError("workers without a template")
        speakers = {worker.connection: worker for worker in busy if not worker.hung_up}
        ready = wait([template.control, *speakers], seconds)
        self._talking = True
        for connection, worker in speakers.items():
            if connection in ready:
                self._receive(worker)
        self._notice_exits()
        self._talking = False

    def _receive(self, worker: _Worker) -> None:
        try:
            reply = worker.connection.recv_bytes()
        except (EOFError, OSError):
            worker.hung_up = True
            self._kill(worker)  # it is ending, or cannot answer any more; the template will say how it ended
            return
        try:
            outcome, error, seconds = pickle.loads(reply)  # noqa: S301 - from a process of this run
        except Exception as failure:
            self._finish(worker, f"its outcome cannot be read: {one_line(failure)}")
        else:
            self._finish(worker, error, outcome, seconds)

    def _notice_exits(self) -> None:
        if self._template is None:
            return
        try:
            exits = self._template.exits()
        except (EOFError, OSError):
            self._lose_template()
            return
        for pid, code in exits:
            worker = self._workers.pop(pid, None)
            if worker is None:
                continue
            if worker.task is not None and not worker.hung_up and worker.connection.poll():
                self._receive(worker)  # its last words
            if worker.task is not None:
                self._finish(worker, death(code, worker.task.limits.memory))
            worker.connection.close()

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for worker, task in self._busy():
            if now < task.deadline or task.limits.seconds is None:
                continue
            self._kill(worker)
            self._finish(worker, too_slow(task.limits.seconds))
            worker.connection.close()
            del self._workers[worker.pid]

    def _kill(self, worker: _Worker) -> None:
        if self._template is not None:
            with suppress(OSError):  # a template that is gone has taken its workers with it
                self._template.kill(worker.pid)

    def _lose_template(self) -> None:
        for worker in self._workers.values():
            if worker.task is not None:
                self._finish(worker, "worker died: the process that it was forked from was killed")
            worker.connection.close()
        self._workers.clear()
        if self._template is not None:
            self._template.close()
            self._template = None

    def _finish(
        self, worker: _Worker, error: str | None, outcome: Outcome | None = None, seconds: float | None = None
    ) -> None:
        task = worker.task
        if task is None:
            return
        worker.task = None
        spent = time.monotonic() - task.started if seconds is None else seconds
        self._finished.append(Finished(task.ticket, outcome, error, spent))
