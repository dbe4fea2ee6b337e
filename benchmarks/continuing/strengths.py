"""Settings that decide between the old and the new, chosen on validation rows of a stream that is not reported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autotransfer_continual.course import Scenario
from autotransfer_continual.method import ContinualMethod

from benchmarks.continuing.measures import average
from benchmarks.continuing.played import play
from benchmarks.continuing.streams import Stream

GRIDS: dict[str, tuple[dict[str, float], ...]] = {
    "ewc": tuple({"weight": weight} for weight in (10.0, 1e2, 1e3, 1e4, 1e6)),
    "online_ewc": tuple({"weight": weight} for weight in (10.0, 1e2, 1e3, 1e4, 1e6)),
    "synaptic_intelligence": tuple({"weight": weight} for weight in (1.0, 10.0, 1e2, 1e3)),
    "memory_aware_synapses": tuple({"weight": weight} for weight in (1e-3, 1e-2, 0.1, 1.0, 10.0)),
    "learning_without_forgetting": tuple({"weight": weight} for weight in (0.1, 0.3, 1.0, 3.0)),
    "der_plus_plus": tuple({"alpha": alpha} for alpha in (0.2, 0.5)),
}
"""What is tried; methods without a row have nothing of the kind, or, like the size of a memory, nothing to gain."""
SEED = 1000
"""Of the stream that they are chosen on."""


def strongest(
    method: type[ContinualMethod], stream: Stream, scenario: Scenario, epochs: int
) -> tuple[ContinualMethod, dict[str, float]]:
    """The method with the settings of the best average accuracy on validation rows, and what was chosen.

    :param stream: of :data:`SEED`; its test rows are not looked at.
    """
    tried = list(_instances(method, epochs))
    if len(tried) == 1:
        return tried[0]
    held = stream.validated()
    return max(tried, key=lambda one: average(play(one[0], held, scenario, SEED)))


def _instances(method: type[ContinualMethod], epochs: int) -> Iterator[tuple[ContinualMethod, dict[str, float]]]:
    for given in GRIDS.get(method.name, ({},)):
        settings: dict[str, Any] = {"epochs": epochs, **given}
        yield method(**settings), given
