"""The end of a run: the verdict in words, the shipped model, the test scores, the files."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add
from typing import Any

import numpy as np

from autotransfer.average import AVERAGE, average_of, members
from autotransfer.bench import Bench
from autotransfer.data import Array
from autotransfer.entries import truth_of
from autotransfer.errors import AutoTransferError
from autotransfer.evaluate import Job, Outcome
from autotransfer.examine import Examined
from autotransfer.executors.executor import Executor, Limits
from autotransfer.features import FeatureCache, default_folder
from autotransfer.footprint import Footprint
from autotransfer.labelfree import choose_validator
from autotransfer.measure import Evidence
from autotransfer.model import average_state, build, save_model
from autotransfer.problem import FEW_ROWS
from autotransfer.refit import about, refit_job
from autotransfer.run import Run
from autotransfer.session import Session, environment, settings_json
from autotransfer.state import State
from autotransfer.trial import Arm, Choice, Decision, JudgedBy, RunRecord, TrialRecord, Verdict
from autotransfer.validator import Validator

_PATIENCE = 600.0
"""Seconds for a final fit: the decision is made, so it is waited for beyond the budget."""
_ENOUGH_LABELS = 50
"""Where two models differ in one row of five, the one-sided 95 % limit of their difference in accuracy is then about
10 points away: 1.64 * sqrt(0.2 / 50)."""


@dataclass(frozen=True, eq=False)
class Finalist:
    """A choice trained on all labelled rows, with its predictions for the test rows (None without any)."""

    choice: Choice
    state: State
    test: Array | None


def decide(session: Session, examined: Examined, board: Sequence[TrialRecord] = ()) -> Verdict:
    """The guard's ruling as a verdict.

    :param board: all trials. When none of them finished they are saved, and ``AutoTransferError`` says why one failed.
    """
    verdict, lender = _decided(session, examined, board), session.problem.lender
    return verdict if lender is None else _on_loan(verdict, lender.name)


def _on_loan(verdict: Verdict, lender: str) -> Verdict:
    """A verdict whose scores are those of borrowed classes. More labels would be other rows: how many, nobody knows."""
    reason = (
        f"{verdict.reason}; all of this is estimated on tasks made of classes of {lender} that were held out, not on "
        f"the target's own, which have too few labelled rows; more than {FEW_ROWS} of a class allow a real comparison"
    )
    return replace(verdict, reason=reason, estimated=True, labels_needed=None)


def _decided(session: Session, examined: Examined, board: Sequence[TrialRecord]) -> Verdict:
    settings = session.settings
    fallback = examined.baseline or examined.transfer
    if fallback is None:
        raise AutoTransferError(_nothing_finished(session, board))
    verdict = Verdict(
        Decision.DO_NOT_TRANSFER,
        "",
        fallback,
        best_transfer=examined.transfer,
        baseline=examined.baseline,
        epsilon=settings.epsilon,
        alpha=settings.alpha,
    )
    ruling = examined.ruling
    if ruling is None:
        validator = choose_validator(session.catalogue, settings, session.problem)
        return _without_comparison(verdict, validator, regression=session.problem.is_regression)
    verdict = replace(
        verdict, gain=ruling.comparison.interval(), p_worse=ruling.p_worse, labels_needed=ruling.labels_needed
    )
    points = f"{settings.epsilon:g} point{'' if settings.epsilon == 1 else 's'}"
    limit = f"P(worse than without transfer by more than {points}) = {ruling.p_worse:.1%}"
    allowed = f"at most {settings.alpha:.0%} is allowed"
    if ruling.decision is Decision.TRANSFER and examined.transfer is not None:
        choice = average_of(examined.transfer, fallback) if examined.averaged else examined.transfer
        return replace(verdict, decision=ruling.decision, choice=choice, reason=f"{limit}; {allowed}")
    if ruling.decision is Decision.INCONCLUSIVE:
        own = session.problem.lender is None
        more = f"; about {ruling.labels_needed} more labels would settle it" if own else ""
        return replace(verdict, decision=ruling.decision, reason=f"{limit}; {allowed}{more}")
    return replace(verdict, reason=f"{limit}; {allowed}, and the gain is not worth it")


def _nothing_finished(session: Session, board: Sequence[TrialRecord]) -> str:
    from autotransfer.leaderboard import leaderboard_csv

    folder = session.folder
    failed = [record for record in board if record.error]
    if not failed:
        return f"{folder.path}: no trial finished; give --budget more"
    folder.write_text("leaderboard.csv", leaderboard_csv(board))
    first = failed[0]
    return (
        f"{folder.path}: no trial finished; {first.choice.arm}: {first.error}; every error is in leaderboard.csv, more "
        "--budget, --trial-timeout or --trial-memory may help"
    )


def _without_comparison(verdict: Verdict, validator: Validator | None, *, regression: bool) -> Verdict:
    if validator is not None:
        reason = (
            "the target has no labels, so a model of the target alone is impossible and there is nothing to compare "
            f"with; arms were ranked by {validator.name} ({validator.reference}): {validator.meaning.rstrip('.')}; "
            f"labels for about {_ENOUGH_LABELS} rows would allow a real comparison"
        )
        known = validator.known_error(regression=regression)
        judge = JudgedBy(validator.name, validator.in_metric, validator.higher_is_better, known)
        return replace(verdict, decision=Decision.TRANSFER, reason=reason, estimated=True, validator=judge)
    if verdict.baseline is None:
        return replace(verdict, decision=Decision.INCONCLUSIVE, reason="no candidate without transfer finished")
    if verdict.best_transfer is None:
        return replace(verdict, reason="no transfer candidate finished")
    return replace(verdict, decision=Decision.INCONCLUSIVE, reason="the guard's own trials did not finish in time")


def train(session: Session, executor: Executor[Job, Outcome], choice: Choice) -> Finalist:
    """Train a choice on all labelled rows, where the executor runs, and predict the test rows."""
    problem = session.problem
    outcomes = [_trained(session, executor, member) for member in members(choice)]
    _refuse_large(session, choice, [outcome.footprint for outcome in outcomes])
    states = [outcome.model for outcome in outcomes if outcome.model is not None]
    state = average_state(states) if choice.method == AVERAGE else states[0]
    if problem.test is None:
        return Finalist(choice, state, None)
    model = build(choice, about(problem), state, session.catalogue, FeatureCache(default_folder()))
    return Finalist(choice, state, model.predict(problem.test))


def _refuse_large(session: Session, choice: Choice, footprints: Sequence[Footprint | None]) -> None:
    """Models that grow with their rows may outgrow the size budget in the end."""
    known = [footprint for footprint in footprints if footprint is not None]
    refusal = session.settings.bounds.refusal(reduce(add, known)) if known else None
    if refusal is not None:
        raise AutoTransferError(f"{choice.arm}: trained on all rows it is beyond the size budget: {refusal}")


def _trained(session: Session, executor: Executor[Job, Outcome], choice: Choice) -> Outcome:
    problem = session.problem
    job = refit_job(choice, len(problem.target), session.catalogue, session.settings.seed)
    executor.submit(job, Limits(_PATIENCE, session.settings.trial_memory))
    deadline = time.monotonic() + _PATIENCE
    finished = executor.wait(_PATIENCE)
    while not finished and time.monotonic() < deadline:
        finished = executor.wait(1.0)
    outcome = finished[0].outcome if finished else None
    if outcome is None or outcome.model is None:
        reason = finished[0].error if finished else "out of time"
        raise AutoTransferError(
            f"{choice.arm}: the final fit failed ({reason}); the trials are in {session.folder.path}"
        )
    return outcome


def train_all(
    session: Session, executor: Executor[Job, Outcome], verdict: Verdict
) -> tuple[Verdict, dict[str, Finalist]]:
    """Train what is shipped and the baseline, each once. A transfer whose final fit fails gives way to the baseline."""
    if verdict.baseline is None:
        return verdict, {"shipped": train(session, executor, verdict.choice)}
    baseline = train(session, executor, verdict.baseline)
    if verdict.choice == verdict.baseline:
        return verdict, {"shipped": baseline, "baseline": baseline}
    try:
        shipped = train(session, executor, verdict.choice)
    except AutoTransferError as error:
        executor.abandon()
        fallback = replace(
            verdict, decision=Decision.INCONCLUSIVE, choice=verdict.baseline, reason=f"{verdict.reason}; but {error}"
        )
        return fallback, {"shipped": baseline, "baseline": baseline}
    return verdict, {"shipped": shipped, "baseline": baseline}


def score_on_test(session: Session, bench: Bench, verdict: Verdict, finalists: dict[str, Finalist]) -> Verdict:
    """The verdict with its test scores."""
    test = session.problem.test
    if test is None:
        return verdict

    def score(name: str) -> float | None:
        finalist = finalists.get(name)
        if finalist is None or finalist.test is None:
            return None
        unseen = ~np.isin(test.labels, session.problem.target.labels)
        value = bench.metric.score(truth_of(test, bench.metric, unseen), finalist.test)
        return value if np.isfinite(value) else None

    return replace(verdict, test_score=score("shipped"), baseline_test_score=score("baseline"))


def announce(session: Session) -> None:
    """Write a first ``run.json``, so that a run that is killed can be resumed."""
    session.folder.write_json(
        {
            "format": 1,
            "name": session.problem.name,
            "status": "running",
            "verdict": None,
            "settings": settings_json(session.settings),
            "data": session.data(),
        }
    )


@dataclass(frozen=True, eq=False)
class Findings:
    """What a run found besides its verdict. ``risks``: P(gain < 0) of each arm. ``forecast`` and
    ``tasks``: see ``RunRecord``."""

    board: tuple[TrialRecord, ...]
    evidence: Evidence
    risks: dict[Arm, float]
    interrupted: bool
    forecast: dict[str, Any] = field(default_factory=dict)
    tasks: tuple[dict[str, Any], ...] = ()


def record_of(session: Session, bench: Bench, verdict: Verdict, found: Findings) -> RunRecord:
    """Everything that ``run.json`` holds."""
    by_source: dict[str, dict[str, float]] = {}
    for arm, risk in found.risks.items():
        by_source.setdefault(arm.source or "", {})[arm.method] = risk
    statuses = [str(record.status) for record in found.board]
    return RunRecord(
        name=session.problem.name,
        status="interrupted" if found.interrupted else "done",
        metric=bench.metric.name,
        greater_is_better=bench.metric.greater_is_better,
        settings=settings_json(session.settings),
        data=session.data(),
        environment=environment(),
        evidence=found.evidence,
        risk=by_source,
        verdict=verdict,
        skipped=tuple(session.skipped),
        notes=(*session.problem.notes, *session.notes),
        trials_total=len(found.board),
        trials_failed=statuses.count("failed"),
        trials_pruned=statuses.count("pruned"),
        seconds=session.clock.seconds(),
        created=time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        leaderboard=found.board,
        forecast=found.forecast,
        tasks=found.tasks,
    )


def finish(session: Session, record: RunRecord, shipped: Finalist) -> Run:
    """Save the model, the leaderboard, the report and, last, ``run.json``."""
    from autotransfer.leaderboard import leaderboard_csv
    from autotransfer.record import to_json
    from autotransfer.render.html import render_html
    from autotransfer.report import make_report
    from autotransfer.report.plugin_sections import extended

    folder = session.folder
    save_model(folder.model, shipped.choice, about(session.problem), shipped.state)
    folder.write_text("leaderboard.csv", leaderboard_csv(record.leaderboard))
    folder.write_text("report.html", render_html(extended(make_report(record), session.catalogue.hook)))
    folder.write_json(to_json(record))
    folder.log("end", {"status": record.status, "decision": str(record.verdict.decision)})
    return Run(folder.path, record)
