"""What a fitted model takes: numbers that it has learned, bytes, and the time of one prediction."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from autotransfer.state import State

_CALLS, _SECONDS = 5, 0.02
"""One row is predicted five times, fewer when these many seconds are over."""


@dataclass(frozen=True)
class Size:
    """:param parameters: numbers that were learned or kept, zeros of a pruned network left out. :param bytes: of the
    arrays that hold them."""

    parameters: int
    bytes: int

    def __add__(self, other: Size) -> Size:
        return Size(self.parameters + other.parameters, self.bytes + other.bytes)


@dataclass(frozen=True)
class Footprint:
    """Of a whole model, its encoder included.

    :param latency: seconds for one row that comes alone, on this machine: the fastest of five calls, after one to warm
        up; those of the encoder and of the predictor added.
    :param trained_parameters: numbers of a larger pretrained network that were trained; None: there is no such network.
    :param trained_bytes: of what is kept of them.
    :param memory: bytes by which training and predicting raised what the process held; None: not measured.
    """

    parameters: int
    bytes: int
    latency: float
    trained_parameters: int | None = None
    trained_bytes: int | None = None
    memory: int | None = None

    def __add__(self, other: Footprint) -> Footprint:
        return Footprint(
            self.parameters + other.parameters,
            self.bytes + other.bytes,
            self.latency + other.latency,
            _both(self.trained_parameters, other.trained_parameters),
            _both(self.trained_bytes, other.trained_bytes),
            max((m for m in (self.memory, other.memory) if m is not None), default=None),
        )


@dataclass(frozen=True)
class Bounds:
    """The size budget of a run; None: no bound.

    :param parameters: ``--max-params``. :param latency: ``--max-latency``, in seconds.
    """

    parameters: int | None = None
    latency: float | None = None

    def refusal(self, found: Footprint | None) -> str | None:
        """Why a model may not be shipped, in words; None when it may."""
        if found is None:
            return None
        if self.parameters is not None and found.parameters > self.parameters:
            return f"{found.parameters} parameters are more than --max-params {self.parameters}"
        if self.latency is not None and found.latency > self.latency:
            return f"{1000 * found.latency:.3g} ms a row are more than --max-latency {1000 * self.latency:g}ms"
        return None


def _both(one: int | None, other: int | None) -> int | None:
    """Their sum, as far as they are known."""
    known = [value for value in (one, other) if value is not None]
    return sum(known) if known else None


def size_of(state: State) -> Size:
    """The arrays of a state, at any depth."""
    arrays = _arrays(state)
    return Size(sum(array.size for array in arrays), sum(array.nbytes for array in arrays))


def _arrays(value: Any) -> list[np.ndarray]:
    import numpy as np

    if isinstance(value, np.ndarray):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [array for part in parts for array in _arrays(part)]


def seconds_of(call: Callable[[], object]) -> float:
    """Wall-clock seconds of the fastest of five calls, after one to warm up."""
    call()
    started, best = time.perf_counter(), float("inf")
    for _ in range(_CALLS):
        before = time.perf_counter()
        call()
        now = time.perf_counter()
        best = min(best, now - before)
        if now - started > _SECONDS:
            break
    return best
