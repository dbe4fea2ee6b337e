"""Choosing one arm for a new target: the static prior beside what the project has learned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autotransfer.data import Array
from autotransfer.foresight.arms import Experience
from benchmarks.selecting.held_out import Told, forecast, leave_target_out
from benchmarks.selecting.static_prior import judged, prior_orders
from benchmarks.selecting.strict import nowhere


def choosing(part: str, experience: Experience) -> list[dict[str, Any]]:
    """Rows: the static prior, the forecasts, and these where the held-out target is not a source of past arms either.

    Regret is in points, from the first choice to the best arm; the finest key but one of an arm names its source.
    """
    rows = [{"table": part, "selector": "static prior", **judged(prior_orders(experience))}]
    folds = {
        "foresight": leave_target_out(experience),
        "foresight, strict": nowhere(experience, experience.arms.keys[:, -2]),
    }
    for name, each in folds.items():
        told = forecast(each)
        rows.append({"table": part, "selector": name, **judged(orders(told)), "covered": told.covered})
    return rows


def orders(told: Told) -> Iterator[tuple[str, Array, Array]]:
    """Target, (n,) order, (n,) gains; each target is one task here."""
    for target in np.unique(told.targets):
        mine = told.targets == target
        yield str(target), told.order[mine], told.gain[mine]
