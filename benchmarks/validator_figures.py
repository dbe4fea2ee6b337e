"""From judged candidates to what each validator is worth. Nothing here fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autotransfer.data import Array
from benchmarks.label_free import Judged


@dataclass(frozen=True)
class Pick:
    """What one validator did on one pair. Points are hundredths of accuracy, or per cent of the best error.

    :param regret: points from its pick to the best candidate, at least 0.
    :param gain: points of its pick over the source alone.
    :param correlation: Spearman's, of its scores with the truth over candidates; 0 where either is constant.
    :param error: points between its pick's score and the truth; None where scores are no estimates.
    """

    validator: str
    pair: str
    family: str
    regret: float
    gain: float
    correlation: float
    error: float | None = None


def picks(judged: Iterable[Judged], in_metric: Mapping[str, bool], rounds: int | None = None) -> list[Pick]:
    """One for each validator and pair (under each seed).

    :param rounds: how many rounds count; None: all.
    """
    tables: dict[tuple[str, int], list[Judged]] = defaultdict(list)
    for one in judged:
        tables[one.pair, one.seed].append(one)
    return [pick for table in tables.values() for pick in _picks(table, in_metric, rounds)]


def _picks(table: Sequence[Judged], in_metric: Mapping[str, bool], rounds: int | None) -> Iterable[Pick]:
    truth = np.array([np.mean(one.truth) for one in table])
    alone = next((value for one, value in zip(table, truth, strict=True) if one.reference), None)
    if alone is None:
        return  # the source alone did not finish: nothing to compare with
    unit = 1.0 if table[0].regression else None

    def points(better: float, worse: float) -> float:
        return 100.0 * (better - worse) / (abs(truth.max()) if unit else 1.0)

    for name in dict.fromkeys(name for one in table for name in one.scores):
        scores = np.array([_mean(one.scores.get(name, ())[:rounds]) for one in table])
        chosen = int(np.argmax(scores))
        yield Pick(
            name,
            table[0].pair,
            table[0].family,
            regret=points(truth.max(), truth[chosen]),
            gain=points(truth[chosen], alone),
            correlation=correlation(scores, truth),
            error=abs(points(scores[chosen], truth[chosen])) if in_metric.get(name) else None,
        )
    for name, value in (("source_only", alone), ("random candidate", float(truth.mean())), ("oracle", truth.max())):
        yield Pick(name, table[0].pair, table[0].family, points(truth.max(), value), points(value, alone), float("nan"))


def _mean(scores: Sequence[float | None]) -> float:
    """Of the rounds where it is defined; last of all where there is none."""
    known = [score for score in scores if score is not None]
    return float(np.mean(known)) if known else -np.inf


def correlation(scores: Array, truth: Array) -> float:
    """Spearman's rank correlation of the candidates that have a score."""
    from scipy.stats import rankdata

    known = np.isfinite(scores)
    ranks = [rankdata(values[known]) for values in (scores, truth)]
    if known.sum() < 2 or min(np.ptp(values) for values in ranks) == 0:
        return 0.0
    return float(np.corrcoef(*ranks)[0, 1])


def summary(found: Sequence[Pick]) -> dict[str, dict[str, float | None]]:
    """Validator -> figures; every family counts the same, however many pairs it has."""
    return {
        name: {
            "problems": len(rows := [pick for pick in found if pick.validator == name]),
            "regret": by_family(rows, "regret"),
            "gain": by_family(rows, "gain"),
            "below_source_only": by_family(rows, "below"),
            "correlation": by_family(rows, "correlation"),
            "error": None if rows[0].error is None else by_family(rows, "error"),
        }
        for name in dict.fromkeys(pick.validator for pick in found)
    }


def by_family(found: Sequence[Pick], figure: str) -> float:
    """The mean over families of the means over their pairs."""
    families: dict[str, list[float]] = defaultdict(list)
    for pick in found:
        value = float(pick.gain < -1e-9) if figure == "below" else getattr(pick, figure)
        families[pick.family].append(value)
    return float(np.mean([np.mean(values) for values in families.values()]))


def chosen_elsewhere(found: Sequence[Pick], names: Sequence[str]) -> tuple[list[Pick], dict[str, str]]:
    """The picks of whichever validator lost least on all other families; and, family -> which one that was."""
    kept: list[Pick] = []
    winners: dict[str, str] = {}
    families = tuple(dict.fromkeys(pick.family for pick in found))
    for family in families if len(families) > 1 else ():
        others = [pick for pick in found if pick.family != family]
        regrets = {name: by_family([p for p in others if p.validator == name], "regret") for name in names}
        winners[family] = min(names, key=lambda name: regrets[name])
        kept += [pick for pick in found if pick.family == family and pick.validator == winners[family]]
    return kept, winners


def known_errors(found: Sequence[Pick], names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Validator -> the fields of ``KnownError`` other than ``measured_by``, rounded for a file."""
    figures = summary(found)
    alone = figures["source_only"]["regret"]
    return {
        name: {
            "problems": figures[name]["problems"],
            "regret": _rounded(figures[name]["regret"]),
            "source_only": _rounded(alone),
            "below_source_only": _rounded(figures[name]["below_source_only"]),
            "correlation": _rounded(figures[name]["correlation"]),
            "error": _rounded(figures[name]["error"]),
        }
        for name in names
        if name in figures
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
