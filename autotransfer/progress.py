"""What a run tells while it works. It is told; it never steers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import final

from autotransfer.trial import TrialRecord


class Progress(ABC):
    """Receives the steps of a run, in the main process."""

    @abstractmethod
    def stage(self, words: str) -> None:
        """A step of the main job begins, e.g. ``"measure relatedness"``."""

    @abstractmethod
    def trial(self, record: TrialRecord, best: TrialRecord | None, arms: tuple[int, int], seconds_left: float) -> None:
        """A trial ended. ``best`` is the best so far, ``arms`` is (tried, eligible)."""

    @abstractmethod
    def close(self) -> None:
        """The run is over."""


@final
class Silent(Progress):
    """Says nothing."""

    def stage(self, words: str) -> None:
        """Nothing."""

    def trial(self, record: TrialRecord, best: TrialRecord | None, arms: tuple[int, int], seconds_left: float) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""
