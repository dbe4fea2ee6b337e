"""The main job, step by step."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from autotransfer import thin
from autotransfer.conclude import Findings, announce, decide, finish, record_of, score_on_test, train_all
from autotransfer.each_task import score_tasks
from autotransfer.engine import Engine, acceptable
from autotransfer.equip import equip
from autotransfer.errors import InterruptedRunError
from autotransfer.evaluate import run_job
from autotransfer.examine import Examined, Field, arm_risks
from autotransfer.executors.choose import PRELOAD, make_executor
from autotransfer.labelfree import choose_validator, unused
from autotransfer.loading import load_problem
from autotransfer.loan import few_ways
from autotransfer.many import metric_of, split_of
from autotransfer.measure import measure
from autotransfer.plugins import load_catalogue
from autotransfer.problem import RawData
from autotransfer.progress import Progress, Silent
from autotransfer.remember import forecast_json, remember
from autotransfer.run import Run
from autotransfer.selector import choose_selector
from autotransfer.session import Clock, Session, check_same, given_names, open_folder
from autotransfer.settings import Settings, parse_duration
from autotransfer.task import Context, Source

Given = str | Path | RawData
_EVIDENCE_SHARE = 0.15
"""Share of the budget after which no further estimate is begun."""
_SPARE_SHARE = 0.03
"""Share of the budget for estimates that the decision does not read."""


def fit(
    target: Given,
    sources: Sequence[Given | Source] = (),
    budget: float | str | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    plugins: Sequence[object] = (),
) -> Run:
    """Search, decide, save a run directory.

    :param target: path, URI or rows of the target.
    :param sources: the same of what may help, or opened sources.
    :param budget: seconds, or a duration such as ``"10m"``, for everything; None: as ``settings`` say.
    :param plugins: plugin objects besides the installed ones.
    :raises InputError: the data or the settings are unusable.
    :raises InterruptedRunError: Ctrl-C; carries the run as far as it came, saved.
    """
    settings, progress = settings or Settings(), progress or Silent()
    if budget is not None:
        settings = replace(settings, budget=parse_duration(budget))
    clock = Clock(time.monotonic(), settings.budget)
    try:
        progress.stage("load the problem")
        catalogue = load_catalogue(plugins)
        problem = load_problem(target, sources, settings, catalogue.hook)
        metric_of(problem, settings.metric)
        choose_validator(catalogue, settings, problem)
        folder = open_folder(settings, problem.name)
        session = Session(settings, folder, clock, progress, catalogue, problem, given_names(target, sources))
        if settings.resume is not None:
            check_same(folder, session.data(), settings)
        try:
            return _run(session)
        except KeyboardInterrupt:
            message = f"interrupted before there was an answer; go on with it by --resume {folder.path}"
            raise InterruptedRunError(message) from None
    finally:
        progress.close()


def _run(session: Session) -> Run:
    settings, problem = session.settings, session.problem
    announce(session)
    session.stage("match needs with assets")
    space, bench = equip(problem, session.catalogue, settings, session.skipped)
    split = split_of(problem, settings.seed)
    session.stage("measure relatedness")
    deadline = session.clock.started + settings.budget * _EVIDENCE_SHARE
    context = Context(settings.seed, settings.device, deadline)
    estimators = session.catalogue.estimators
    spared = np.setdiff1d(np.arange(len(problem.target)), split.confirm)
    measured = measure(bench, space, estimators, context, spared, settings.budget * _SPARE_SHARE)
    session.notes += (*measured.notes, *thin.notes(problem.sources), *unused(settings, problem), *few_ways(problem))
    session.stage("rank arms")
    ranking = choose_selector(session.catalogue, settings.selector).plan(space.arms, measured.evidence, problem)
    space, ranking = acceptable(session, space, ranking)
    with make_executor(run_job, bench, settings, (*PRELOAD, *space.libraries())) as executor:
        engine = Engine(session, space, bench, split, executor, ranking)
        interrupted = False
        try:
            session.stage("evaluate the baseline")
            engine.evaluate_baseline()
            session.stage("search")
            engine.search()
        except KeyboardInterrupt:
            interrupted = True
        session.stage("guard")
        field, examined, interrupted = _guard(engine, interrupted)
        verdict = decide(session, examined, engine.leaderboard())
        session.stage("score on test, once")
        verdict, trained = train_all(session, executor, verdict)
    verdict = score_on_test(session, bench, verdict, trained)
    session.stage("finish the run")
    risks = ranking.risks() | arm_risks(field, bench.metric, settings.seed)
    told, tasks = forecast_json(ranking.forecasts), score_tasks(session, trained)
    found = Findings(engine.leaderboard(), measured.evidence, risks, interrupted, told, tasks)
    run = finish(session, record_of(session, bench, verdict, found), trained["shipped"])
    remember(session, run.record)
    if interrupted:
        raise InterruptedRunError(f"interrupted; the best so far is in {run.folder}", run)
    return run


def _guard(engine: Engine, interrupted: bool) -> tuple[Field, Examined, bool]:
    """What the guard says, and whether there was a Ctrl-C, which ends its trials too."""
    try:
        field, examined = engine.guard(repeats=not interrupted)
    except KeyboardInterrupt:
        interrupted = True
        engine.executor.abandon()
        field, examined = engine.guard(repeats=False)
    if interrupted and not (field.transfer or field.baseline):
        raise KeyboardInterrupt  # nothing to decide about
    return field, examined, interrupted
