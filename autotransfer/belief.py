"""Forecasts as what a sampler believes before it has seen a trial."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autotransfer.selector import Forecast
from autotransfer.space import METHOD

Beliefs = dict[str, dict[Any, float]]
"""Parameter of the search space -> choice -> number."""


def beliefs(forecasts: Sequence[Forecast]) -> tuple[Beliefs, Beliefs]:
    """Weights and expected seconds of methods, and of each method's sources; empty where nothing was forecast.

    An arm's weight is (1 - risk) / its place in the order: a risky arm weighs less and is never out. A method has the
    weight of its best arm, and the seconds of its quickest. Methods without a source have the weight of a first place.
    """
    weights: Beliefs = {}
    seconds: Beliefs = {}
    told = [forecast for forecast in forecasts if forecast.low is not None]
    for place, forecast in enumerate(told, start=1):
        method, source = forecast.arm.method, forecast.arm.source
        weight = (1.0 - (forecast.risk or 0.0)) / place
        weights.setdefault(f"{method}/@source", {})[source] = weight
        own = weights.setdefault(METHOD, {})
        own[method] = max(weight, own.get(method, 0.0))
        if forecast.seconds is not None:
            quick = seconds.setdefault(METHOD, {})
            quick[method] = min(forecast.seconds, quick.get(method, forecast.seconds))
    if told:
        alone = (forecast.arm.method for forecast in forecasts if forecast.arm.source is None)
        weights[METHOD] |= dict.fromkeys(alone, 1.0)
    return weights, seconds
