"""The moving parts of one run: study, executor and what they produced so far."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import final

import numpy as np

from autotransfer.belief import beliefs
from autotransfer.bench import Bench
from autotransfer.errors import InputError
from autotransfer.evaluate import Job, Outcome
from autotransfer.examine import Examined, Examiner, Field
from autotransfer.executors.executor import Executor, Limits
from autotransfer.explore import Explorer, Order, Plan
from autotransfer.kept import KeepSource
from autotransfer.prior_sampler import with_prior
from autotransfer.search import Study, sampler_maker, sqlite_url
from autotransfer.selection import sides
from autotransfer.selector import Forecast, Ranking
from autotransfer.session import Session
from autotransfer.space import Candidate, Space
from autotransfer.splits import Split
from autotransfer.trial import Arm, Skipped, Status, TrialRecord

_TRIAL_SHARE = 0.15
"""Share of the budget that one trial may take at most, unless --trial-timeout says otherwise."""

_BASELINE_SECONDS = 10.0
"""Seconds that the baseline's first trials get at least."""


@final
class Engine:
    """Evaluates candidates and keeps what they predicted."""

    def __init__(
        self,
        session: Session,
        space: Space,
        bench: Bench,
        split: Split,
        executor: Executor[Job, Outcome],
        ranking: Ranking,
    ) -> None:
        self.session, self.space, self.bench, self.split, self.executor = session, space, bench, split, executor
        settings, folder = session.settings, session.folder
        sampler = sampler_maker(settings.sampler, settings.seed, session.catalogue.samplers)
        sampler = with_prior(sampler, *beliefs(ranking.forecasts), settings.seed)
        self._ranking = ranking
        url = settings.storage or sqlite_url(folder.database)
        self.study = Study(space, sampler, url, folder.study_name())
        self._predictions = {
            r.number: p for r in self.study.records() if (p := folder.load_predictions(r.number)) is not None
        }
        self._best: TrialRecord | None = None
        self._tried: set[Arm] = set()

    def baselines(self) -> tuple[str, ...]:
        """Methods without transfer that can run; without target labels, those that can do without adaptation."""
        return tuple(name for name in self.space.names() if not self.space.methods[name].is_transfer())

    def evaluate_baseline(self) -> None:
        """Defaults of the methods without transfer."""
        arms = [arm for arm in self.space.arms if arm.method in self.baselines()]
        self._explore([Forecast(arm, None, None) for arm in arms], None, defaults_only=True)

    def search(self) -> None:
        """Defaults of every arm in rank order, then proposals, until time or trials are spent."""
        chooser, metric = self._ranking.chooser, self.bench.metric.name
        order = None if chooser is None else lambda waiting, trials: chooser.order(waiting, trials, metric)
        self._explore(self._ranking.forecasts, order, defaults_only=False)

    def guard(self, *, repeats: bool) -> tuple[Field, Examined]:
        """What finished, and what the guard says of it. Without ``repeats`` no further trial is run."""
        self.study.flush()
        methods = self.session.catalogue.methods
        folds = self.split.folds
        both = sides(self.study.records(), self._predictions, methods)
        field = Field(self.bench.truth(folds), *both, self.bench.groups(folds))
        deadline = self.session.clock.guard_deadline if repeats else 0.0
        examiner = Examiner(
            self.bench, self.executor, self.session.catalogue, self.session.settings, self.split, deadline
        )
        return field, examiner.examine(field)

    def leaderboard(self) -> tuple[TrialRecord, ...]:
        """All trials, each with its gain over the best trial without transfer."""
        records = self.study.records()
        able = [r for r in records if r.choice.method in self.baselines() and r.status is Status.COMPLETE]
        base = [r.val_score for r in able if r.val_score is not None]
        if not base:
            return tuple(records)
        best = max(base)
        return tuple(r if r.val_score is None else replace(r, gain=r.val_score - best) for r in records)

    def _explore(self, forecasts: Sequence[Forecast], order: Order | None, *, defaults_only: bool) -> None:
        settings, clock = self.session.settings, self.session.clock
        first, later = self._defaults(forecasts)
        # However short the budget and slow the start, a run without a baseline has no answer.
        least = _BASELINE_SECONDS if defaults_only else 0.0
        plan = Plan(
            folds=self.split.folds,
            defaults=first,
            variants=later,
            baselines=self.baselines(),
            deadline=max(clock.search_deadline, time.monotonic() + least),
            limits=Limits(settings.trial_timeout or max(clock.budget * _TRIAL_SHARE, least), settings.trial_memory),
            trials=settings.trials or self._enough(len(first) + len(later)),
            seed=settings.seed,
            defaults_only=defaults_only,
            bounds=settings.bounds,
            order=order,
            keep=None if settings.keep_source is None else KeepSource(settings.keep_source, self.bench.metric),
        )
        Explorer(self.study, self.executor, plan, self._keep).run()

    def _enough(self, planned: int) -> int | None:
        """Trials after which more would rather learn the scored rows by heart: the planned ones, and half as many
        proposals as there are rows that score them all. Held-out rows are the guard's affair: no limit then."""
        if self.split.has_confirm or self.bench.problem.n_labeled == 0:
            return None
        return planned + self.bench.problem.n_labeled // 2

    def _defaults(self, forecasts: Sequence[Forecast]) -> tuple[list[Candidate], list[Candidate]]:
        """Every arm with its first encoder, in rank order; and every arm with each of its other encoders."""
        first, later = [], []
        for forecast in forecasts:
            names = self.space.encoders[forecast.arm]
            first.append(self.space.default(forecast.arm, names[0] if names else None))
            later += [self.space.default(forecast.arm, name) for name in names[1:]]
        return first, later

    def _keep(self, record: TrialRecord, outcome: Outcome | None) -> None:
        session = self.session
        if record.status is Status.COMPLETE and outcome is not None and outcome.predictions is not None:
            session.folder.save_predictions(record.number, outcome.predictions)
            self._predictions[record.number] = outcome.predictions
            if self._best is None or (record.val_score or -np.inf) > (self._best.val_score or -np.inf):
                self._best = record
        self._tried.add(record.choice.arm)
        arms = (len(self._tried), len(self.space.arms))
        session.folder.log(
            "trial",
            {
                "number": record.number,
                "arm": str(record.choice.arm),
                "status": str(record.status),
                "score": record.val_score,
                "seconds": round(record.seconds, 3),
                "error": record.error,
            },
        )
        session.progress.trial(record, self._best, arms, session.clock.left())
        session.catalogue.hook.trial_finished(record=record)


def acceptable(session: Session, space: Space, ranking: Ranking) -> tuple[Space, Ranking]:
    """Without the arms whose predicted risk is above ``--max-risk``; they are noted as skipped.

    Raises ``InputError`` when none is left.
    """
    most = session.settings.max_risk
    if most is None:
        return space, ranking
    risky = {arm: risk for arm, risk in ranking.risks().items() if risk > most}
    for arm, risk in risky.items():
        reason = f"its predicted risk {risk:.2f} is above --max-risk {most:g}"
        session.skipped.append(Skipped(arm.method, arm.source, reason))
    kept = tuple(arm for arm in space.arms if arm not in risky)
    if not kept:
        raise InputError(f"--max-risk {most:g}: the predicted risk of every arm is above it; allow more")
    left = tuple(f for f in ranking.forecasts if f.arm not in risky)
    return replace(space, arms=kept), replace(ranking, forecasts=left)
