"""Progress by steps or by time, whichever is spent first, so that a training cut short is still an annealed one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import final


@final
@dataclass(frozen=True, eq=False)
class Clock:
    """:param seconds: that training may take. :param now: a clock that never goes back."""

    seconds: float = float("inf")
    now: Callable[[], float] = time.monotonic
    start: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", self.now())

    @property
    def deadline(self) -> float:
        """When training ends, on this clock."""
        return self.start + self.seconds

    def elapsed(self) -> float:
        """Seconds since the start."""
        return self.now() - self.start

    def progress(self, steps: float) -> float:
        """The larger of the shares of steps and of seconds that are spent, in [0, 1]."""
        return min(1.0, max(steps, self.elapsed() / self.seconds))
