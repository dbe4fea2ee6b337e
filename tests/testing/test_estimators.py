"""The kit lets a sound estimator pass and catches each flaw by the check that is named for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer.testing import ConformanceError, Outcome, check_estimator, estimator_checks


def distance(self: Any, task: Task, source: Source, ctx: Context) -> float:
    """||mean X_T - mean X_S||."""
    return float(np.linalg.norm(task.train.X.mean(0) - source.rows.X.mean(0)))


def estimator(estimate: Callable[..., Any] = distance, **changed: Any) -> RelatednessEstimator:
    """Distance of means, with something in it replaced."""
    members: dict[str, Any] = {
        "__doc__": "Distance of means (standard practice).",
        "name": "means",
        "needs": Asset.TARGET_LABELS | Asset.SOURCE_INPUTS,
        "higher_is_better": False,
        "unit": "units of the features, from 0",
        "cost": "O(n + m)",
        "meaning": "0: equal means.",
        "reference": "standard practice",
        "estimate": estimate,
        **changed,
    }
    made: RelatednessEstimator = final(dataclass(frozen=True)(type("Means", (RelatednessEstimator,), members)))()
    return made


@final
@dataclass(frozen=True)
class Deep(RelatednessEstimator):
    """Needs nothing of a source (standard practice)."""

    name: ClassVar[str] = "deep"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "none"
    cost: ClassVar[str] = "O(1)"
    meaning: ClassVar[str] = "nothing"
    reference: ClassVar[str] = "standard practice"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        return 0.0


def dice(self: Any, task: Task, source: Source, ctx: Context) -> float:
    return distance(self, task, source, ctx) + float(np.random.normal())


def labels(self: Any, task: Task, source: Source, ctx: Context) -> float:
    return distance(self, task, source, ctx) + float(source.rows.labels.mean()) * 0


def burns(self: Any, task: Task, source: Source, ctx: Context) -> float:
    end = time.process_time() + (0.05 if len(task.train) > 500 else 0.0)
    while time.process_time() < end:
        distance(self, task, source, ctx)
    return distance(self, task, source, ctx)


def writes(self: Any, task: Task, source: Source, ctx: Context) -> float:
    task.train.X[0] = 0
    return 0.0


def many(self: Any, task: Task, source: Source, ctx: Context) -> float:
    if len(task.train) < 10:
        raise ValueError("I want more rows")
    return distance(self, task, source, ctx)


def bursts(self: Any, task: Task, source: Source, ctx: Context) -> float:
    spread = float(np.ptp(task.train.X))
    return distance(self, task, source, ctx) if spread else float("inf")


FLAWS: dict[str, tuple[RelatednessEstimator, str, str]] = {
    "no unit": (estimator(unit=None), "declaration", "declares no unit"),
    "no source": (Deep(), "declaration", "needs no source asset"),
    "no number": (estimator(lambda self, task, source, ctx: float("nan")), "finite", "gave nan"),
    "a numpy value": (estimator(lambda self, task, source, ctx: 1), "finite", "return float(value)"),
    "the wrong way": (estimator(higher_is_better=True), "tells_noise", "turn it round"),
    "dice": (estimator(dice), "deterministic", "ctx.rng()"),
    "an asset too few": (estimator(labels), "assets_suffice", "add what it lacks to needs"),
    "an asset too many": (
        estimator(needs=Asset.TARGET_LABELS | Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS),
        "assets_used",
        "take Asset.SOURCE_LABELS out of needs",
    ),
    "writes": (estimator(writes), "inputs_unmodified", "copy before writing"),
    "infinite": (estimator(bursts), "degenerate", "return NaN where it is undefined"),
    "afraid of few rows": (estimator(many), "few_rows", "I want more rows"),
}


def test_a_sound_estimator_passes() -> None:
    check_estimator(
        estimator(needs=Asset.SOURCE_INPUTS | Asset.TARGET_LABELS), exempt={"assets_used[TARGET_LABELS]": "rows"}
    )


@pytest.mark.parametrize(("subject", "check", "words"), FLAWS.values(), ids=FLAWS)
def test_each_flaw_is_caught_by_the_check_named_for_it(subject: RelatednessEstimator, check: str, words: str) -> None:
    results = [found.result() for found in estimator_checks(subject) if found.name == check]
    failed = [result.detail for result in results if result.outcome is Outcome.FAILED]
    assert any(words in detail for detail in failed)
    with pytest.raises(ConformanceError):
        check_estimator(subject)


def test_a_slow_one_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autotransfer.testing.estimators.SECONDS", 0.04)
    results = [check.result() for check in estimator_checks(estimator(burns)) if check.name == "quick"]
    assert any("sample rows" in result.detail for result in results)
