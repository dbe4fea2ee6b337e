"""One arm of one run: what was known of it before it was tried, and what came out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self, final

ABOUT, SCORE = "about_", "score_"
"""What a flat row puts in front of the names of descriptors and of estimators."""

_TEXTS = ("task", "target", "family", "source", "kind", "method", "metric", "modality", "status")
NUMBERS = ("gain", "low", "high", "seconds", "memory")
_LONGEST = 300


@final
@dataclass(frozen=True)
class Row:
    """An arm that was tried, whatever its end.

    :param task: arms of one task competed with each other; ``target``: the data set, whose tasks (label budgets,
        shifts) share rows; ``family``: data sets of one kind.
    :param source: its name. ``kind``: ``rows``, ``pool`` (several sources together) or ``encoder``.
    :param status: ``complete``, ``pruned`` or ``failed``.
    :param about: descriptors of target and source, see :mod:`autotransfer.experience.describe`.
    :param scores: estimator -> value; those that had none are absent.
    :param gain: points over no transfer; None where it did not finish. ``low``, ``high``: its 90 % interval.
    :param seconds: None where not measured. ``memory``: MiB; None likewise.
    """

    task: str
    target: str
    family: str
    source: str
    kind: str
    method: str
    metric: str
    modality: str
    status: str
    encoder: str | None = None
    about: Mapping[str, float] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    seconds: float | None = None
    memory: float | None = None
    error: str | None = None

    def to_plain(self) -> dict[str, Any]:
        """A flat JSON object: descriptors as ``about_NAME``, estimates as ``score_NAME``."""
        own = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("about", "scores")}
        about = {f"{ABOUT}{name}": value for name, value in self.about.items()}
        return own | about | {f"{SCORE}{name}": value for name, value in self.scores.items()}

    @classmethod
    def from_plain(cls, content: object) -> Self | None:
        """The inverse of :meth:`to_plain`; None for what is no row. Numbers that are not finite count as unknown."""
        if not isinstance(content, Mapping):
            return None
        texts = {name: content.get(name) for name in _TEXTS}
        if not all(isinstance(text, str) for text in texts.values()):
            return None
        known = {str(name): number for name, value in content.items() if (number := finite(value)) is not None}
        values: dict[str, Any] = {name: str(text)[:_LONGEST] for name, text in texts.items()}
        values |= {name: known.get(name) for name in NUMBERS}
        return cls(
            **values,
            encoder=_text(content.get("encoder")),
            about={name.removeprefix(ABOUT): value for name, value in known.items() if name.startswith(ABOUT)},
            scores={name.removeprefix(SCORE): value for name, value in known.items() if name.startswith(SCORE)},
            error=_text(content.get("error")),
        )


def finite(value: object) -> float | None:
    """A finite number as float, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _text(value: object) -> str | None:
    return value[:_LONGEST] if isinstance(value, str) else None
