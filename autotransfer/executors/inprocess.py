"""Jobs in this process, one after the other: nothing to start, nothing isolated."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, final

from autotransfer.executors.executor import Executor, Finished, Job, Limits, Outcome
from autotransfer.executors.failure import one_line

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController


@final
class InProcess(Executor[Job, Outcome], Generic[Job, Outcome]):
    """Runs each job inside :meth:`wait`.

    Limits are not enforced: code in the same process can neither be ended from outside nor be given less memory. A
    crash ends the whole run. Any exception but ``KeyboardInterrupt`` fails its job alone.
    """

    def __init__(self, work: Callable[[Any, Job], Outcome], bench: object) -> None:
        self._work = work
        self._bench = bench
        self._waiting: list[tuple[int, Job]] = []
        self._tickets = 0
        self._threads = _thread_control()

    @property
    def capacity(self) -> int:
        """One."""
        return 1

    def submit(self, job: Job, limits: Limits) -> int:
        """Keep the job for the next :meth:`wait`."""
        if self._waiting:
            raise RuntimeError("submit: the executor is full: wait for its job first")
        self._tickets += 1
        self._waiting.append((self._tickets, job))
        return self._tickets

    def wait(self, seconds: float) -> list[Finished[Outcome]]:
        """Run the job that was submitted, however long it takes."""
        waiting, self._waiting = self._waiting, []
        return [self._run(ticket, job) for ticket, job in waiting]

    def abandon(self) -> None:
        """Forget a job that was not run."""
        self._waiting.clear()

    def close(self) -> None:
        """The same: there is nothing to free."""
        self.abandon()

    def _run(self, ticket: int, job: Job) -> Finished[Outcome]:
        started = time.monotonic()
        outcome, error = None, None
        try:
            with self._threads.limit(limits=1):
                outcome = self._work(self._bench, job)
        except KeyboardInterrupt:
            raise
        except BaseException as failure:  # SystemExit too: a job must not end the run
            error = one_line(failure)
        return Finished(ticket, outcome, error, time.monotonic() - started)


def _thread_control() -> ThreadpoolController:
    """Over the numerical libraries; scipy brings one of its own, which has to be loaded to be seen. Methods on small
    data call them for tiny products, where several threads on busy cores are slower than one by orders of magnitude."""
    import scipy.linalg  # noqa: F401
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
