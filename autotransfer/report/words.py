"""Numbers and settings in words, the same in every part of a report."""

from __future__ import annotations

import math
import re
from pathlib import PurePath
from typing import Any

from autotransfer.config import KIND
from autotransfer.trial import Interval, RunRecord

MINUS = "−"
NONE = "–"


def number(value: float | None) -> str:
    """Three decimals for values around one, four significant digits for large ones, one for tiny ones; a dash for
    unknown."""
    if value is None or math.isnan(value):
        return NONE
    size = abs(value)
    shape = ".3f" if 0.0005 <= size < 10 or value == 0 else ".4g" if size >= 10 else ".1g"
    return f"{value:{shape}}".replace("-", MINUS)


def signed(value: float | None) -> str:
    """Like :func:`number`, with its sign."""
    text = number(value)
    return f"+{text}" if value is not None and value > 0 else text


def percent(share: float | None) -> str:
    """A share of one as per cent: ``0.1 %``, ``12 %``; below what can be told apart ``< 0.1 %``."""
    if share is None or math.isnan(share):
        return NONE
    if 0 < share < 0.001:
        return "< 0.1 %"
    return f"{round(100 * share, 1 if share < 0.1 else 0):g} %"


def interval(gain: Interval) -> str:
    """``gain +0.110, 90 % interval +0.060 to +0.160``."""
    ends = f"{signed(gain.low)} to {signed(gain.high)}"
    return f"gain {signed(gain.mean)}, {100 * gain.level:g} % interval {ends}"


def seconds(value: float) -> str:
    """``8.2 s``, ``4 min 10 s``, ``2 h 5 min``."""
    if value < 60:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def amount(count: int) -> str:
    """``28``, ``12.4k``, ``1.23M``."""
    for unit, size in (("G", 10**9), ("M", 10**6), ("k", 10**3)):
        if count >= size:
            return f"{count / size:.3g}{unit}"
    return str(count)


def kilobytes(count: int) -> str:
    """Bytes in thousands, ``0.19``, ``48.6``, ``1230``."""
    return f"{count / 1000:.3g}" if count < 10**6 else f"{count / 1000:.0f}"


def milliseconds(seconds: float) -> str:
    """``0.326``."""
    return f"{1000 * seconds:.3g}"


def own_direction(record: RunRecord, score: float | None) -> float | None:
    """A larger-is-better score as the metric itself states it."""
    return score if score is None or record.greater_is_better else -score


def score(record: RunRecord, value: float | None) -> str:
    """A score as the metric itself states it."""
    return number(own_direction(record, value))


def on_loan(record: RunRecord) -> bool:
    """Whether scores are those of a source's classes, because the target has too few labelled rows of its own."""
    verdict = record.verdict  # without any label there is no validator now and then, but never a baseline
    return verdict.estimated and verdict.validator is None and verdict.baseline is not None


def validation_score(record: RunRecord, value: float | None) -> str:
    """A trial's score as the metric states it, or as the validator does that stands in for target labels."""
    judge = record.verdict.validator
    if judge is None or judge.in_metric or value is None:
        return score(record, value)
    return number(value if judge.higher_is_better else -value)


def scored_by(record: RunRecord) -> tuple[str, bool]:
    """What trials were scored by, and whether larger is better: the metric, an estimate of it, or a validator."""
    judge = record.verdict.validator
    if judge is not None and not judge.in_metric:
        return judge.name, judge.higher_is_better
    return (f"estimated {record.metric}" if record.verdict.estimated else record.metric), record.greater_is_better


def points(record: RunRecord) -> str:
    """The guard's margin in words: ``1 point``, or ``1 % of the baseline's rmse`` for metrics with a unit."""
    from autotransfer.metrics import METRICS

    metric = METRICS.get(record.metric)
    epsilon = f"{record.verdict.epsilon:g}"
    if metric is not None and metric.relative:
        return f"{epsilon} % of the baseline's {record.metric}"
    return f"{epsilon} point" if record.verdict.epsilon == 1 else f"{epsilon} points"


_PASSWORD = re.compile(r"(://[^/@:\s]*):[^/@\s]*@")


def plain(value: Any) -> str:
    """A setting or a fact as text. Passwords in URLs are masked."""
    if value is None or value in ((), []):
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value)
    if isinstance(value, dict):
        return _configuration(value) if KIND in value else ", ".join(f"{key} {plain(it)}" for key, it in value.items())
    text = str(value) if isinstance(value, str | PurePath) else repr(value)
    return _PASSWORD.sub(r"\1:***@", text)


def _configuration(value: dict[str, Any]) -> str:
    """A choice with its own settings, e.g. ``logistic (l2 0.3)``."""
    rest = {key: item for key, item in value.items() if key != KIND}
    return f"{value[KIND]} ({plain(rest)})" if rest else str(value[KIND])
