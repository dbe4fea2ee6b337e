"""Plain records of what a run did and found; each goes to JSON and back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from autotransfer.footprint import Footprint
from autotransfer.kept import Kept


class Status(StrEnum):
    """How a trial ended. A refused one has a score, and a model that is too large or too slow to be shipped, or that
    has forgotten too much of its source."""

    COMPLETE = "complete"
    REFUSED = "refused"
    PRUNED = "pruned"
    FAILED = "failed"


class Decision(StrEnum):
    """What the guard concluded."""

    TRANSFER = "transfer"
    DO_NOT_TRANSFER = "do-not-transfer"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, order=True)
class Arm:
    """A method with a source. ``source`` is None for methods that use the target alone."""

    method: str
    source: str | None = None

    def __str__(self) -> str:
        return self.method if self.source is None else f"{self.method} × {self.source}"


@dataclass(frozen=True)
class Choice:
    """An arm with everything that was chosen for it."""

    method: str
    source: str | None
    encoder: str | None
    params: dict[str, Any]

    @property
    def arm(self) -> Arm:
        """The (method, source) pair."""
        return Arm(self.method, self.source)

    def to_json(self) -> dict[str, Any]:
        """JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Choice:
        """The inverse of :meth:`to_json`."""
        return cls(data["method"], data["source"], data["encoder"], data["params"])


@dataclass(frozen=True)
class TrialRecord:
    """One row of the leaderboard.

    :param val_score: larger-is-better score on rows that the trial was not trained on; None unless complete or refused.
    :param gain: ``val_score`` minus that of the best no-transfer trial; None when either is missing.
    :param seconds: wall-clock seconds of the trial's own work.
    :param footprint: of the last fold's model; None unless complete or refused.
    :param kept: of the source's own task; None unless complete or refused, and of methods that do not tell.
    """

    number: int
    choice: Choice
    status: Status
    val_score: float | None = None
    gain: float | None = None
    seconds: float = 0.0
    error: str | None = None
    fold_scores: tuple[float, ...] = ()
    footprint: Footprint | None = None
    kept: Kept | None = None


@dataclass(frozen=True)
class Interval:
    """A mean with its two-sided interval at ``level`` (0.9: 5 % on each side), in larger-is-better metric units."""

    mean: float
    low: float
    high: float
    level: float


@dataclass(frozen=True)
class Skipped:
    """An arm that cannot run here, and why, in words."""

    method: str
    source: str | None
    reason: str


@dataclass(frozen=True)
class KnownError:
    """How far a validator was off on problems whose target labels were known to the judge alone. Points are hundredths
    of accuracy, or per cent of the best candidate's error.

    :param problems: how many. :param measured_by: the command.
    :param regret: mean points from its pick to the best candidate. ``source_only``: the same of the method that name.
    :param below_source_only: share of problems whose pick was worse than the source alone.
    :param correlation: mean rank correlation of its scores with the truth, -1 to 1.
    :param error: mean points between its pick's score and the truth; None where the score is in other units.
    """

    problems: int
    measured_by: str
    regret: float
    source_only: float
    below_source_only: float
    correlation: float
    error: float | None = None


@dataclass(frozen=True)
class JudgedBy:
    """The validator that ranked the arms of a run without target labels.

    :param in_metric: whether its scores are estimates of the run's metric.
    :param higher_is_better: direction in which reports show its scores where they are not.
    """

    name: str
    in_metric: bool
    higher_is_better: bool
    known_error: KnownError | None = None


@dataclass(frozen=True)
class Verdict:
    """The answer.

    :param choice: what is shipped: a trial's choice, or the average of two (see ``average``).
    :param best_transfer: the transfer candidate that the guard examined; None when none finished.
    :param baseline: the no-transfer candidate; None when the target has no labels.
    :param gain: over ``baseline``, of ``choice`` where that is transfer, else of ``best_transfer``; None when there is
        no comparison.
    :param p_worse: P(the same is worse than the baseline by more than epsilon points); None likewise.
    :param labels_needed: about how many more target labels would settle an inconclusive answer; None otherwise.
    :param estimated: True when the score does not come from target labels, but from a label-free validator, or from
        classes of a source where a class has a few labelled rows alone.
    :param validator: which one; None where there was none.
    """

    decision: Decision
    reason: str
    choice: Choice
    best_transfer: Choice | None = None
    baseline: Choice | None = None
    gain: Interval | None = None
    p_worse: float | None = None
    epsilon: float = 1.0
    alpha: float = 0.05
    labels_needed: int | None = None
    test_score: float | None = None
    baseline_test_score: float | None = None
    estimated: bool = False
    validator: JudgedBy | None = None


@dataclass(frozen=True)
class RunRecord:
    """Everything that ``run.json`` holds, the leaderboard aside. Scores are larger-is-better.

    :param forecast: what was expected of each arm before the search, from past runs: ``arms`` (source -> method ->
        ``gain``, ``low``, ``high``, ``risk``, ``seconds``, ``little_evidence``, ``reason``) and ``reliability``; empty
        where past runs were not asked.
    :param tasks: of a target with several tasks, for each ``name``, ``test_rows``, ``test_score`` and
        ``baseline_test_score``; empty without test rows.
    """

    name: str
    status: str
    metric: str
    greater_is_better: bool
    settings: dict[str, Any]
    data: dict[str, Any]
    environment: dict[str, Any]
    evidence: dict[str, dict[str, float | None]]
    risk: dict[str, dict[str, float]]
    verdict: Verdict
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    trials_total: int = 0
    trials_failed: int = 0
    trials_pruned: int = 0
    seconds: float = 0.0
    created: str = ""
    leaderboard: tuple[TrialRecord, ...] = field(default=(), repr=False)
    forecast: dict[str, Any] = field(default_factory=dict, repr=False)
    tasks: tuple[dict[str, Any], ...] = field(default=(), repr=False)
