"""Where trials run. The engine submits jobs and waits; it never knows whether a job is in this process or another."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Limits:
    """What one job may use. None: no limit.

    :param seconds: wall-clock seconds, after which the job is ended.
    :param memory: bytes that the job may allocate beyond what its process held when the job began.
    """

    seconds: float | None = None
    memory: int | None = None


@dataclass(frozen=True)
class Finished(Generic[Outcome]):
    """How a job ended: with an outcome, or with an error in one line (crash, time limit, memory limit, exception).

    :param seconds: wall-clock seconds of the job.
    """

    ticket: int
    outcome: Outcome | None
    error: str | None
    seconds: float


class Executor(ABC, Generic[Job, Outcome]):
    """Runs ``work(bench, job)`` for many jobs against one large, unchanging ``bench``.

    ``work`` is an importable function; ``bench``, jobs and outcomes can be pickled between processes of one run.
    Use as a context manager: leaving it ends everything that still runs.
    """

    @property
    @abstractmethod
    def capacity(self) -> int:
        """How many jobs run at the same time, at least 1."""

    @abstractmethod
    def submit(self, job: Job, limits: Limits) -> int:
        """Start a job and return its ticket. Call only while fewer than ``capacity`` jobs are unfinished."""

    @abstractmethod
    def wait(self, seconds: float) -> list[Finished[Outcome]]:
        """Jobs that finished since the last call; waits up to ``seconds`` for the first one."""

    @abstractmethod
    def abandon(self) -> None:
        """End everything that still runs and forget it; the executor is idle and can go on."""

    @abstractmethod
    def close(self) -> None:
        """End everything that still runs and free what is held. May be called twice."""

    def __enter__(self) -> Executor[Job, Outcome]:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()
