"""What the selector has learned, judged on targets that it has not seen."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.harness import Arguments, Result
from benchmarks.kernel_parts.part import Part
from benchmarks.selecting import (
    cnn_scores,
    learning_time,
    many_sources,
    model_spider,
    own_experience,
    parc,
    search_regret,
    ucr,
)

PARTS: tuple[Callable[[Arguments], Part], ...] = (
    parc.measure,
    model_spider.measure,
    cnn_scores.measure,
    ucr.measure,
    many_sources.measure,
    learning_time.measure,
    own_experience.measure,
    search_regret.measure,
)


def run(args: Arguments) -> Result:
    """Every part; each leaves one target out at a time, and fits everything without it."""
    parts = [measure(args) for measure in PARTS]
    return Result(
        "selector", [bar for part in parts for bar in part.bars], [row for part in parts for row in part.rows]
    )
