"""Trials of one run in order of merit, and methods compared over several runs."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from autotransfer.trial import RunRecord, Status, TrialRecord

COLUMNS = (
    *("rank", "method", "source", "params", "val_score", "gain", "seconds", "status", "error"),
    *("parameters", "bytes", "latency", "trained_parameters", "trained_bytes", "memory", "forgetting"),
)
_ORDER = {Status.COMPLETE: 0, Status.REFUSED: 1, Status.PRUNED: 2, Status.FAILED: 3}


def ranked(records: Sequence[TrialRecord]) -> tuple[TrialRecord, ...]:
    """Complete trials by score, best first, then refused ones by score, then pruned and failed; ties by number."""
    return tuple(sorted(records, key=_merit))


def finished(record: TrialRecord) -> bool:
    """Whether a trial has a score to be ranked by."""
    return record.status is Status.COMPLETE and record.val_score is not None and not math.isnan(record.val_score)


def _merit(record: TrialRecord) -> tuple[int, float, int]:
    known = record.val_score is not None and not math.isnan(record.val_score)
    score = record.val_score if known and record.val_score is not None else -math.inf
    return _ORDER[record.status], -score, record.number


def half_width(trial: TrialRecord, reference: TrialRecord, level: float) -> float | None:
    """Half of the t interval of the mean paired difference over folds; None without paired folds."""
    if trial is reference or len(trial.fold_scores) != len(reference.fold_scores):
        return None
    differences = [a - b for a, b in zip(trial.fold_scores, reference.fold_scores, strict=True)]
    n = len(differences)
    if n < 2 or not all(map(math.isfinite, differences)):
        return None
    from scipy.special import stdtrit

    mean = math.fsum(differences) / n
    variance = math.fsum((difference - mean) ** 2 for difference in differences) / (n - 1)
    return float(stdtrit(n - 1, 0.5 + level / 2)) * math.sqrt(variance / n)


def leaderboard_csv(records: Sequence[TrialRecord]) -> str:
    """``leaderboard.csv``: a row per trial in the order of :func:`ranked`, columns :data:`COLUMNS`.

    ``val_score`` and ``gain`` are larger-is-better and in full precision, empty where there is none; ``params`` is a
    JSON object that also holds the encoder; ``latency`` is in seconds; the two after it are those of methods that train
    a part of a pretrained network, or add to it; ``forgetting`` is what the source's own task lost, in metric units.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(rank, record) for rank, record in enumerate(ranked(records), start=1))
    return text.getvalue()


def _row(rank: int, record: TrialRecord) -> tuple[str | int, ...]:
    choice = record.choice
    params = choice.params if choice.encoder is None else {"encoder": choice.encoder, **choice.params}
    return (
        rank,
        choice.method,
        choice.source or "",
        json.dumps(params),
        _exact(record.val_score),
        _exact(record.gain),
        f"{record.seconds:.3f}",
        record.status.value,
        " ".join((record.error or "").split()),
        *_footprint(record),
        "" if record.kept is None else _exact(record.kept.forgetting),
    )


def _footprint(record: TrialRecord) -> tuple[str, ...]:
    found = record.footprint
    if found is None:
        return ("",) * 6
    perhaps = (found.trained_parameters, found.trained_bytes, found.memory)
    whole = (str(found.parameters), str(found.bytes), f"{found.latency:.6f}")
    return (*whole, *("" if value is None else str(value) for value in perhaps))


def _exact(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else repr(float(value))


@dataclass(frozen=True)
class Standing:
    """How one method did over the runs in which it finished a trial; its best trial speaks for it.

    :param mean_rank: 1 is best; ties share their average rank.
    :param wins: runs in which no method scored higher.
    :param mean_gain: over runs, against the best no-transfer trial of each; None without gains, or when the runs
        are scored by different metrics.
    :param negative_transfer: share of runs in which the gain is below 0; None without gains.
    :param runs: how many runs that is.
    """

    method: str
    mean_rank: float
    wins: int
    mean_gain: float | None
    negative_transfer: float | None
    runs: int


@dataclass(frozen=True)
class Comparison:
    """Methods over several runs, the best mean rank first."""

    standings: tuple[Standing, ...]
    runs: tuple[str, ...]
    metrics: tuple[str, ...]


def compare(records: Sequence[RunRecord]) -> Comparison:
    """Rank the methods within each run by their best trial, and average."""
    boards = [_best_of_methods(record.leaderboard) for record in records]
    ranks = [_average_ranks(board) for board in boards]
    metrics = tuple(sorted({record.metric for record in records}))
    methods = sorted({method for board in boards for method in board})
    standings = [_standing(method, boards, ranks, comparable=len(metrics) == 1) for method in methods]
    standings.sort(key=lambda standing: (standing.mean_rank, -standing.runs, standing.method))
    return Comparison(tuple(standings), tuple(record.name for record in records), metrics)


def _best_of_methods(trials: Sequence[TrialRecord]) -> dict[str, TrialRecord]:
    best: dict[str, TrialRecord] = {}
    for trial in ranked(trials):
        if finished(trial):
            best.setdefault(trial.choice.method, trial)
    return best


def _average_ranks(board: dict[str, TrialRecord]) -> dict[str, float]:
    scores = {method: trial.val_score for method, trial in board.items() if trial.val_score is not None}
    return {
        method: 1 + sum(other > score for other in scores.values()) + (list(scores.values()).count(score) - 1) / 2
        for method, score in scores.items()
    }


def _standing(
    method: str, boards: list[dict[str, TrialRecord]], ranks: list[dict[str, float]], *, comparable: bool
) -> Standing:
    mine = [(board, rank[method]) for board, rank in zip(boards, ranks, strict=True) if method in board]
    gains = [gain for board, _ in mine if (gain := board[method].gain) is not None]
    return Standing(
        method,
        mean_rank=_mean([rank for _, rank in mine]),
        wins=sum(_is_best(method, board) for board, _ in mine),
        mean_gain=_mean(gains) if gains and comparable else None,
        negative_transfer=_mean([gain < 0 for gain in gains]) if gains else None,
        runs=len(mine),
    )


def _is_best(method: str, board: dict[str, TrialRecord]) -> bool:
    return board[method].val_score == max(trial.val_score for trial in board.values() if trial.val_score is not None)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)
