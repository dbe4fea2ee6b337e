"""What a model still knows of its source's own task once it has learned the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autotransfer.metrics import Metric


@dataclass(frozen=True)
class Kept:
    """Scores on rows of the source that it did not learn from, larger-is-better; of several tasks, those of the one
    that lost most.

    :param scenario: see ``predictor.Recollection``. :param before: right after it learned the task. :param after: once
        the target was learned, told which task the rows are from where that matters.
    :param untold: the same not told; None where there is no such difference.
    """

    scenario: str
    before: float
    after: float
    untold: float | None = None

    @property
    def forgetting(self) -> float:
        """What was lost, in units of the metric; below 0 where the target helped the source."""
        return self.before - self.after


@dataclass(frozen=True, eq=False)
class KeepSource:
    """The constraint of a run: ``--keep-source`` points, in units of a metric."""

    points: float
    metric: Metric

    def refusal(self, kept: Kept | None) -> str | None:
        """Why a model with a source may not be shipped, in words; None when it may."""
        if kept is None:
            return "what it forgets of the source's own task could not be measured, and --keep-source is given"
        if kept.forgetting <= self.metric.points(self.points, kept.before):
            return None
        before, after = (f"{self.metric.own_direction(score):.3g}" for score in (kept.before, kept.after))
        return (
            f"{self.metric.name} on the source's own task went from {before} to {after}, which is more than "
            f"--keep-source {self.points:g} allows"
        )


def mean_kept(found: Sequence[Kept | None]) -> Kept | None:
    """Over folds; None where one of them has none."""
    known = [kept for kept in found if kept is not None]
    if not known or len(known) < len(found):
        return None
    untold = [kept.untold for kept in known if kept.untold is not None]
    n = len(known)
    return Kept(
        known[0].scenario,
        sum(kept.before for kept in known) / n,
        sum(kept.after for kept in known) / n,
        sum(untold) / len(untold) if untold else None,
    )
