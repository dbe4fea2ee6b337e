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


_TURN = 0.1
"""Seconds of a turn, at least. One short call after a long one of another would find the caches full of that."""


def in_turns(
    functions: Mapping[str, Callable[[], object]], seconds: float, synchronize: Callable[[], None]
) -> dict[str, Times]:
    """Rounds of one turn of each, of as many calls as fill it, until the time is over; three rounds at least.

    :param synchronize: waits for the device.
    :return: seconds a call. Calls that find out how many fill a turn do not count.
    """
    calls = {name: _calls(function, synchronize) for name, function in functions.items()}
    wall: dict[str, list[float]] = {name: [] for name in functions}
    cpu: dict[str, list[float]] = {name: [] for name in functions}
    end = time.perf_counter() + seconds
    rounds = 0
    while rounds < 3 or time.perf_counter() < end:
        rounds += 1
        for name, function in functions.items():
            spent = _turn(function, calls[name], synchronize)
            wall[name].append(spent[0])
            cpu[name].append(spent[1])
    return {name: Times(tuple(wall[name]), tuple(cpu[name])) for name in functions}


def _calls(function: Callable[[], object], synchronize: Callable[[], None]) -> int:
    function()  # compiles
    return max(1, round(_TURN / min(_turn(function, 1, synchronize)[0] for _ in range(2))))


def _turn(function: Callable[[], object], calls: int, synchronize: Callable[[], None]) -> tuple[float, float]:
    """Seconds a call, on the wall and of the processor."""
    synchronize()
    started, busy = time.perf_counter(), time.process_time()
    for _ in range(calls):
        function()
    synchronize()
    return (time.perf_counter() - started) / calls, (time.process_time() - busy) / calls


def ratio(times: Mapping[str, Times], rival: str, ours: str, clock: str) -> float:
    """The median, over rounds, of the rival's time in parts of ours. ``clock``: ``wall`` or ``cpu``."""
    theirs: tuple[float, ...] = getattr(times[rival], clock)
    own: tuple[float, ...] = getattr(times[ours], clock)
    return statistics.median(a / b for a, b in zip(theirs, own, strict=True))
