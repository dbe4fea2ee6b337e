"""Search on the project's own outcome tables: how far from the best arm after k trials, on data sets never seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset, Modality
from autotransfer.experience.describe import POOL, ROWS
from autotransfer.experience.lessons import Learned, learn
from autotransfer.experience.row import Row
from autotransfer.experience.table import columns, to_experience
from autotransfer.plugins import load_catalogue
from autotransfer.problem import Problem
from autotransfer.pursuer import Pursuer
from autotransfer.selector import EvidenceSelector
from autotransfer.task import Source
from autotransfer.trial import Arm
from benchmarks.harness import Arguments, Bar, at_least, at_most
from benchmarks.kernel_parts.part import Part
from benchmarks.selecting.own_experience import finished_rows
from benchmarks.selecting.static_prior import prior_orders

TRIALS = (1, 2, 4, 8, 16, 32, 64)
_SEEDS, _LEAST, _FOLDS = 2, 10, 10
ALWAYS = ("fine_tuning", "weighted_pooling")
"""What "always transfer" does: fine-tune where a source is a network, else pool."""

Curve: TypeAlias = dict[int, float]
Strategy: TypeAlias = Callable[[Array, int], Array]


def measure(arguments: Arguments) -> Part:
    """Normalised regret, 0 the best arm and 1 the worst, no transfer being an arm that everyone has tried first."""
    rows = finished_rows()
    if len({row.target for row in rows}) < _LEAST:
        return Part()
    tasks = by_task(rows)
    selector = _by_evidence()
    orders: dict[str, dict[str, Array]] = {name: {} for name in ("experience", "forecasts", "evidence")}
    orders["static prior"] = dict(_static(rows))
    for name, learned in _learned(tasks, selector).items():
        evidence = evidence_order(selector, tasks[name])
        told = [outlook.rank for outlook in learned.outlooks]
        orders["evidence"][name], orders["forecasts"][name] = evidence, evidence[np.argsort(told)]
        orders["experience"][name] = evidence[pursued(learned, gains(tasks[name])[evidence])]
    seeds = range(1 if arguments.quick else _SEEDS)
    curves = {who: {t: curve(gains(tasks[t]), order) for t, order in own.items()} for who, own in orders.items()}
    curves["TPE"] = {t: _mean([_tpe(tasks[t], number) for number in seeds]) for t in tasks}
    curves["random"] = {t: _mean([_random(gains(tasks[t]), number) for number in range(200)]) for t in tasks}
    curves["always no transfer"] = {t: curve(gains(mine), np.empty(0, np.int64)) for t, mine in tasks.items()}
    curves["always transfer"] = {t: curve(gains(mine), _always(mine)) for t, mine in tasks.items()}
    table = [{"table": "search", "selector": who, **_shown(_mean(list(own.values())))} for who, own in curves.items()]
    return Part(table, bars(curves, {name: mine[0].target for name, mine in tasks.items()}))


def bars(curves: Mapping[str, Mapping[str, Curve]], target_of: Mapping[str, str]) -> list[Bar]:
    """After eight trials, against the others after more."""
    means = {who: _mean(list(own.values())) for who, own in curves.items()}
    ours, own = means["experience"], curves["experience"]
    better = []
    for target in dict.fromkeys(target_of.values()):
        names = [name for name in own if target_of[name] == target]
        mine, prior = (np.mean([c[name][8] for name in names]) for c in (own, curves["static prior"]))
        better.append(1.0 if mine < prior else 0.5 if mine == prior else 0.0)
    return [
        at_most("search: regret at 8 trials minus TPE's at 32", ours[8] - means["TPE"][32], 0.0),
        at_most("search: regret at 8 trials minus random's at 64", ours[8] - means["random"][64], 0.0),
        at_least("search: data sets on which it beats the static prior at 8, ties half", float(np.mean(better)), 0.7),
        at_most("search: regret at 1 trial minus always transfer's", ours[1] - means["always transfer"][1], 0.0),
        at_most("search: regret at 8 trials minus always transfer's", ours[8] - means["always transfer"][8], 0.0),
        at_most("search: regret at 1 trial minus always no transfer's", ours[1] - means["always no transfer"][1], 0.0),
    ]


def by_task(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Task -> its rows, in order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.task, []).append(row)
    return found


def gains(rows: Sequence[Row]) -> Array:
    """(n,) points; what failed gains less than anything that did not."""
    return np.array([-np.inf if row.gain is None else row.gain for row in rows])


def curve(gain: Array, order: Array) -> Curve:
    """Trials -> regret of the best of the first so many arms and no transfer (gain 0), in shares of the whole range."""
    best, worst = max(0.0, float(gain.max())), min(0.0, float(gain.min()))
    reached = np.maximum.accumulate(np.append(0.0, gain[order]))
    return {k: (best - float(reached[min(k, len(order))])) / max(best - worst, 1e-9) for k in TRIALS}


def pursued(learned: Learned, gain: Array) -> Array:
    """Positions of n arms in the order in which the selector tries them, as their gains come out; all seconds alike."""
    arms = tuple(Arm(str(number), "source") for number in range(len(gain)))
    pursuer = Pursuer(arms, learned.pursuit, np.ones(len(arms)))
    came: dict[Arm, float] = {}
    for _ in arms:
        chosen = pursuer.next([arm for arm in arms if arm not in came], came)[0]
        came[chosen] = float(gain[int(chosen.method)])
    return np.array([int(arm.method) for arm in came])


def evidence_order(selector: EvidenceSelector, rows: Sequence[Row]) -> Array:
    """Positions of a task's arms as the selector by evidence would try them."""
    place = {Arm(row.method, row.source): position for position, row in enumerate(rows)}
    evidence = {row.source: dict.fromkeys(selector.estimators) | dict(row.scores) for row in rows}
    problem = Problem("task", _dataset("task", pool=False), ("a",), tuple(_sources(rows)))
    return np.array([place[forecast.arm] for forecast in selector.rank(list(place), evidence, problem)])


def _sources(rows: Sequence[Row]) -> list[Source]:
    kinds = {row.source: row.kind == POOL for row in rows}
    return [Source(name, Asset.SOURCE_INPUTS, _dataset(name, pool=pool)) for name, pool in kinds.items()]


def _dataset(name: str, *, pool: bool) -> Dataset:
    return Dataset(name, Modality.FEATURES, np.zeros((1, 1)), np.zeros(1, int), np.zeros(1, int) if pool else None)


def _by_evidence() -> EvidenceSelector:
    catalogue = load_catalogue()
    return EvidenceSelector(catalogue.estimators, catalogue.methods)


def _learned(tasks: Mapping[str, list[Row]], selector: EvidenceSelector) -> dict[str, Learned]:
    """Task -> what other data sets teach about its arms, in the order of the evidence; data sets in ten folds."""
    targets = sorted({rows[0].target for rows in tasks.values()})
    found = {}
    for number in range(_FOLDS):
        held = set(targets[number::_FOLDS])
        past = [row for rows in tasks.values() for row in rows if row.target not in held]
        lessons = learn(past, columns(past))
        if lessons is not None:
            for name, rows in tasks.items():
                if rows[0].target in held:
                    found[name] = lessons.apply([rows[place] for place in evidence_order(selector, rows)])
    return found


def _static(rows: Sequence[Row]) -> list[tuple[str, Array]]:
    experience = to_experience(rows, columns(rows))
    return [(task, np.argsort(-order, kind="stable")) for task, order, _ in prior_orders(experience)]


def _random(gain: Array, number: int) -> Curve:
    return curve(gain, np.random.default_rng(number).integers(len(gain), size=max(TRIALS)))


def _always(rows: Sequence[Row]) -> Array:
    """One trial: the first network is fine-tuned; without one all sources are pooled, or the first of few."""
    mine = [position for method in ALWAYS for position, row in enumerate(rows) if row.method == method]
    return np.array(sorted(mine, key=lambda position: rows[position].kind == ROWS)[:1], dtype=np.int64)


def _tpe(rows: Sequence[Row], number: int) -> Curve:
    """Multivariate TPE over method and source without any knowledge (Bergstra et al., NeurIPS 2011)."""
    import optuna

    from autotransfer.search import tpe

    place = {(row.method, row.source): position for position, row in enumerate(rows)}
    methods, sources = (list(dict.fromkeys(names)) for names in zip(*place, strict=True))
    study = optuna.create_study(direction="maximize", sampler=tpe(number))
    gain, order = gains(rows), list[int]()
    while len(order) < max(k for k in TRIALS if k <= 32):
        trial = study.ask()
        key = (trial.suggest_categorical("method", methods), trial.suggest_categorical("source", sources))
        if key not in place:
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
            order.append(int(gain.argmin()))
            continue
        order.append(place[key])
        study.tell(trial, float(gain[place[key]]))
    return curve(gain, np.array(order))


def _mean(curves: Sequence[Curve]) -> Curve:
    return {k: float(np.mean([each[k] for each in curves])) for k in TRIALS}


def _shown(mean: Curve) -> dict[str, Any]:
    return {f"regret@{k}": value for k, value in mean.items()}
