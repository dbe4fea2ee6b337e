"""Times of several ways to do one thing, taken in turns, so that what disturbs one disturbs all."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    """Seconds of each round: on the wall, and of the processor in all threads."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]


def in_turns(
    functions: Mapping[str, Callable[[], object]], seconds: float, synchronize: Callable[[], None]
) -> dict[str, Times]:
    """Rounds of one call of each, after one that does not count, until the time is over; three at least.

    :param synchronize: waits for the device.
    """
    for function in functions.values():
        function()
    wall: dict[str, list[float]] = {name: [] for name in functions}
    cpu: dict[str, list[float]] = {name: [] for name in functions}
    end = time.perf_counter() + seconds
    rounds = 0
    while rounds < 3 or time.perf_counter() < end:
        rounds += 1
        for name, function in functions.items():
            synchronize()
            started, busy = time.perf_counter(), time.process_time()
            function()
            synchronize()
            cpu[name].append(time.process_time() - busy)
            wall[name].append(time.perf_counter() - started)
    return {name: Times(tuple(wall[name]), tuple(cpu[name])) for name in functions}


def ratio(times: Mapping[str, Times], rival: str, ours: str, clock: str) -> float:
    """The median, over rounds, of the rival's time in parts of ours. ``clock``: ``wall`` or ``cpu``."""
    theirs: tuple[float, ...] = getattr(times[rival], clock)
    own: tuple[float, ...] = getattr(times[ours], clock)
    return statistics.median(a / b for a, b in zip(theirs, own, strict=True))
