"""Which methods did well among their rivals, whatever the target: the static prior."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from autotransfer.experience.row import Row


def places(rows: Sequence[Row]) -> dict[tuple[str, str], float]:
    """(method, kind of source) -> mean standard score of its gains among those of their tasks; 0 is the middle."""
    tasks: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.gain is not None:
            tasks[row.task].append(row)
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    for rivals in tasks.values():
        gains = np.array([row.gain for row in rivals], dtype=np.float64)
        spread = float(gains.std(ddof=1)) if len(gains) > 1 else 0.0
        for row, score in zip(rivals, (gains - gains.mean()) / max(spread, 1e-12), strict=True):
            scores[row.method, row.kind].append(float(score))
    return {key: float(np.mean(found)) for key, found in scores.items()}


def fused(one: Sequence[int], other: Sequence[int]) -> list[int]:
    """Two orders of the same positions as one, by the sum of a position's places; ties as in the first."""
    place = {position: number for number, position in enumerate(other)}
    return [p for _, p in sorted(enumerate(one), key=lambda item: item[0] + place[item[1]])]
