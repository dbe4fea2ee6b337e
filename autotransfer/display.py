"""What a run tells while it works: a live display on a terminal, plain lines elsewhere; both on standard error."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO, final

from autotransfer.progress import Progress
from autotransfer.render.clean import clean, shorten
from autotransfer.report.words import NONE, number, seconds, signed
from autotransfer.trial import TrialRecord

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table

_NAME = 60


def make_progress(stream: TextIO | None = None) -> Progress:
    """The display that suits the stream; None: standard error."""
    stream = sys.stderr if stream is None else stream
    live = stream.isatty() and os.environ.get("TERM") not in {"dumb", "unknown"}
    return LiveProgress(stream) if live else PlainProgress(stream)


def _name(record: TrialRecord) -> str:
    return shorten(clean(str(record.choice.arm)), _NAME)


def _best(record: TrialRecord | None) -> str:
    if record is None:
        return NONE
    gain = "" if record.gain is None else f", gain {signed(record.gain)}"
    return f"{_name(record)}, score {number(record.val_score)}{gain}"


def _left(seconds_left: float) -> str:
    return "no time limit" if seconds_left == float("inf") else f"{seconds(max(0.0, seconds_left))} left"


@final
class PlainProgress(Progress):
    """A line for each stage, for the first trial, for each improvement, and at most one a second for the others."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._last: float | None = None
        self._trials = 0
        self._best: int | None = None

    def stage(self, words: str) -> None:
        """Always a line."""
        self._say(clean(words))

    def trial(self, record: TrialRecord, best: TrialRecord | None, arms: tuple[int, int], seconds_left: float) -> None:
        """A line when it is the first, an improvement, or a second has passed since the last one."""
        self._trials += 1
        improved = best is not None and best.number != self._best
        self._best = None if best is None else best.number
        now = self._clock()
        if not improved and self._last is not None and now - self._last < 1.0:
            return
        self._last = now
        end = record.status.value if record.val_score is None else f"score {number(record.val_score)}"
        self._say(
            f"trial {self._trials}: {_name(record)}, {end}; best: {_best(best)}; "
            f"arms {arms[0]} of {arms[1]}; {_left(seconds_left)}"
        )

    def close(self) -> None:
        """Nothing is held back."""

    def _say(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()


@final
class LiveProgress(Progress):
    """Four lines that are drawn anew at each event.

    No thread redraws them: workers are forked from this process, and a fork while another thread holds a lock of the
    display would leave the child with that lock for ever.
    """

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console

        self._console = Console(file=stream)
        self._live: Live | None = None
        self._stage = "start"
        self._counts = (0, 0)
        self._best: TrialRecord | None = None
        self._arms = (0, 0)
        self._seconds_left: float | None = None

    def stage(self, words: str) -> None:
        """Name the step."""
        self._stage = clean(words)
        self._draw()

    def trial(self, record: TrialRecord, best: TrialRecord | None, arms: tuple[int, int], seconds_left: float) -> None:
        """Count it."""
        trials, unfinished = self._counts
        self._counts = (trials + 1, unfinished + (record.val_score is None))
        self._best, self._arms, self._seconds_left = best, arms, seconds_left
        self._draw()

    def close(self) -> None:
        """Take the display away: the answer follows."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _draw(self) -> None:
        from rich.live import Live

        if self._live is None:
            self._live = Live(
                console=self._console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False
            )
            self._live.start()
        self._live.update(self._table(), refresh=True)

    def _table(self) -> Table:
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        trials, unfinished = self._counts
        rows = [("now", self._stage)]
        if trials:
            failed = f" ({unfinished} without a score)" if unfinished else ""
            rows.append(("best so far", _best(self._best)))
            rows.append(("tried", f"{self._arms[0]} of {self._arms[1]} arms, {trials} trials{failed}"))
        if self._seconds_left is not None:
            rows.append(("time", _left(self._seconds_left)))
        for label, value in rows:
            table.add_row(Text(label, style="dim"), Text(value, overflow="ellipsis", no_wrap=True))
        return table
