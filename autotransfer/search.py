"""The search engine: optuna proposes candidates, and its storage is the one truth about trials.

Proposals come from in-memory studies (a round trip to a database for every parameter would cost more than many a
trial); each finished trial is copied whole to the storage, in one transaction. A crash loses the running trials and at
most the one that is being written, and a resumed run starts from the copies. No other module imports optuna.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any, cast, final

import numpy as np
import optuna
from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial, TrialState

from autotransfer.errors import InputError
from autotransfer.method import Suggest
from autotransfer.record import trial_from_json
from autotransfer.space import METHOD, Candidate, Space
from autotransfer.trial import Status, TrialRecord

_RECORD = "record"
_STATES = {
    Status.COMPLETE: TrialState.COMPLETE,
    Status.REFUSED: TrialState.PRUNED,  # samplers take a pruned trial for worse than any complete one
    Status.PRUNED: TrialState.PRUNED,
    Status.FAILED: TrialState.FAIL,
}
_PRUNE_AFTER = 10
"""Complete trials before any trial is pruned."""
_PRUNE_PERCENTILE = 25.0

optuna.logging.set_verbosity(optuna.logging.WARNING)


@dataclass(frozen=True)
class Proposal:
    """A candidate to evaluate. ``default`` marks an arm's first try, which is never pruned."""

    number: int
    outer: optuna.Trial
    inner: optuna.Trial
    candidate: Candidate
    default: bool


def tpe(seed: int) -> optuna.samplers.BaseSampler:
    """Multivariate TPE with one group for each method's parameters (Bergstra et al., NeurIPS 2011; Falkner et al.,
    ICML 2018): the default sampler."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return optuna.samplers.TPESampler(multivariate=True, group=True, constant_liar=True, seed=seed)


def random(seed: int) -> optuna.samplers.BaseSampler:
    """Random search."""
    return optuna.samplers.RandomSampler(seed=seed)


BUILT_IN: dict[str, Callable[[int], optuna.samplers.BaseSampler]] = {"tpe": tpe, "random": random}


def sampler_maker(
    name: str, seed: int, installed: Mapping[str, Callable[[int], Any]]
) -> Callable[[], optuna.samplers.BaseSampler]:
    """Makes samplers of that name, each with a seed of its own. Raises ``InputError`` for an unknown name."""
    known = {**installed, **BUILT_IN}
    if name not in known:
        raise InputError(f"--sampler {name}: there are {', '.join(sorted(known))}")
    seeds = (number % 2**32 for number in itertools.count(seed * 1009))

    def make() -> optuna.samplers.BaseSampler:
        sampler: optuna.samplers.BaseSampler = known[name](next(seeds))
        return sampler

    return make


@final
class Study:
    """Asks for candidates and remembers trials.

    Two levels keep a proposal cheap: one study chooses the method, and each method has a study of its own for source,
    encoder and hyperparameters. One study over everything would fit a density for every conditional branch of every
    method at each proposal. The storage holds whole trials, in one study.

    :param make_sampler: called once for the methods and once for each method.
    :param url: storage, e.g. ``sqlite:///run/study.db`` or ``postgresql://...``; None keeps everything in memory.
    :param name: study name in the storage; trials that it already holds are taken over.
    """

    def __init__(
        self, space: Space, make_sampler: Callable[[], optuna.samplers.BaseSampler], url: str | None, name: str
    ) -> None:
        self._space = space
        self._methods = optuna.create_study(direction="maximize", sampler=make_sampler())
        self._inner = {
            method: optuna.create_study(direction="maximize", sampler=make_sampler()) for method in space.names()
        }
        self._told: list[FrozenTrial] = []
        self._saved = None if url is None else _Saved(url, name)
        for trial in [] if self._saved is None else self._saved.trials():
            self._take_over(trial)
        # Own numbers: a proposal that was given up leaves a gap here and none in the storage.
        self._next = 1 + max((record.number for record in self.records()), default=-1)

    def ask(self, default: Candidate | None = None, method: str | None = None) -> Proposal:
        """The next candidate: ``default`` itself, or one of ``method``, or whatever the sampler prefers."""
        forced = method if default is None else default.arm.method
        if forced is not None:
            self._methods.enqueue_trial({METHOD: forced})
        outer = self._methods.ask()
        name = outer.suggest_categorical(METHOD, self._space.names())
        if default is not None:
            self._inner[name].enqueue_trial(self._space.point(default))
        inner = self._inner[name].ask()
        candidate = self._space.suggest(name, cast(Suggest, inner))
        self._next += 1
        return Proposal(self._next - 1, outer, inner, candidate, default is not None)

    def tell(self, proposal: Proposal, record: TrialRecord, steps: Mapping[int, float]) -> None:
        """Keep a finished trial: it is in the storage before the next one is told, or :meth:`flush` is called."""
        for step, score in steps.items():
            proposal.inner.report(score, step)
        value, state = record.val_score if record.status is Status.COMPLETE else None, _STATES[record.status]
        self._methods.tell(proposal.outer, value, state=state)
        inner = self._inner[record.choice.method].tell(proposal.inner, value, state=state)
        whole = _whole(inner, self._outer(), record)
        self._told.append(whole)
        if self._saved is not None:
            self._saved.add(whole)

    def forget(self, proposal: Proposal) -> None:
        """Give up a proposal that was never finished; the storage does not hear of it."""
        self._methods.tell(proposal.outer, state=TrialState.FAIL)
        self._inner[proposal.candidate.arm.method].tell(proposal.inner, state=TrialState.FAIL)

    def flush(self) -> None:
        """Return when every trial that was told is in the storage."""
        if self._saved is not None:
            self._saved.flush()

    def records(self) -> list[TrialRecord]:
        """All trials that ended, by number."""
        return sorted((_record(trial) for trial in self._told), key=lambda record: record.number)

    def thresholds(self, methods: Collection[str]) -> dict[int, float]:
        """Step -> score below which a trial is hopeless: the lower quartile of complete trials of these methods at that
        step (the median rule of Golovin et al., "Google Vizier", KDD 2017, made milder)."""
        complete = [
            trial.intermediate_values
            for trial in self._told
            if trial.state is TrialState.COMPLETE and trial.params.get(METHOD) in methods
        ]
        if len(complete) < _PRUNE_AFTER:
            return {}
        steps = {step for values in complete for step in values if step > 0}
        return {
            step: float(np.percentile([v[step] for v in complete if step in v], _PRUNE_PERCENTILE)) for step in steps
        }

    def _take_over(self, trial: FrozenTrial) -> None:
        """A trial of an earlier session, told to the studies that it belongs to; the samplers do not hear of one that
        the space of this session does not hold."""
        self._told.append(trial)
        candidate = self._space.recall(_record(trial).choice)
        if candidate is None:
            return
        name, inner = candidate.arm.method, _Recall(self._space.point(candidate))
        try:
            self._space.suggest(name, inner)
            self._inner[name].add_trial(_part(trial, inner.values, inner.distributions))
        except (KeyError, ValueError):
            return
        self._methods.add_trial(_part(trial, {METHOD: name}, self._outer()))

    def _outer(self) -> dict[str, BaseDistribution]:
        return {METHOD: optuna.distributions.CategoricalDistribution(self._space.names())}


@final
class _Recall:
    """A ``Suggest`` that answers with known values and notes what was asked. Raises ``KeyError`` for others."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values
        self.distributions: dict[str, BaseDistribution] = {}

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        self.distributions[name] = optuna.distributions.FloatDistribution(low, high, log=log)
        return float(self.values[name])

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int:
        self.distributions[name] = optuna.distributions.IntDistribution(low, high, log=log)
        return int(self.values[name])

    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any:
        self.distributions[name] = optuna.distributions.CategoricalDistribution(choices)
        return self.values[name]


@final
class _Saved:
    """The storage's study. Trials are written by a thread, one at a time, while the next one is being proposed."""

    def __init__(self, url: str, name: str) -> None:
        self._study = _open(url, name)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="trial-writer")
        self._writing: Future[None] | None = None

    def trials(self) -> list[FrozenTrial]:
        return [trial for trial in self._study.get_trials() if _RECORD in trial.user_attrs]

    def add(self, trial: FrozenTrial) -> None:
        self.flush()
        self._writing = self._writer.submit(self._write, trial)

    def _write(self, trial: FrozenTrial) -> None:
        try:
            self._study.add_trial(trial)
        except ValueError:  # the choices are not those of an earlier session; the record says what the trial was
            self._study.add_trial(_part(trial, {}, {}))

    def flush(self) -> None:
        if self._writing is not None:
            self._writing.result()
            self._writing = None


def _whole(inner: FrozenTrial, outer: dict[str, BaseDistribution], record: TrialRecord) -> FrozenTrial:
    """A trial of a method's study as the storage keeps it: with its method and its record."""
    return optuna.trial.create_trial(
        state=inner.state,
        value=inner.value if inner.state is TrialState.COMPLETE else None,
        params={METHOD: record.choice.method, **inner.params},
        distributions={**outer, **inner.distributions},
        user_attrs={_RECORD: json.dumps(asdict(record))},
        intermediate_values=inner.intermediate_values,
    )


def _part(trial: FrozenTrial, params: dict[str, Any], distributions: dict[str, BaseDistribution]) -> FrozenTrial:
    """A stored trial with these parameters."""
    return optuna.trial.create_trial(
        state=trial.state,
        value=trial.value if trial.state is TrialState.COMPLETE else None,
        params=params,
        distributions=distributions,
        user_attrs=trial.user_attrs,
        intermediate_values=trial.intermediate_values,
    )


def sqlite_url(path: object) -> str:
    """Storage URL of a database file."""
    return f"sqlite:///{path}"


def _open(url: str, name: str) -> optuna.Study:
    import sqlalchemy

    try:
        storage = optuna.storages.RDBStorage(url)
        if url.startswith("sqlite"):
            sqlalchemy.event.listen(storage.engine, "connect", _write_ahead)
            storage.engine.dispose()
        return optuna.create_study(storage=storage, study_name=name, direction="maximize", load_if_exists=True)
    except (sqlalchemy.exc.SQLAlchemyError, ImportError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"--storage {without_password(url)}: cannot be opened ({reason}); check it and its driver"
        ) from error


def _write_ahead(connection: sqlite3.Connection, _: object) -> None:
    """Safe against a kill of the process without waiting for the disk at each trial."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def without_password(url: str) -> str:
    """The storage URL, fit to be shown."""
    import sqlalchemy

    try:
        return sqlalchemy.engine.make_url(url).render_as_string(hide_password=True)
    except sqlalchemy.exc.ArgumentError:
        return "URL"


def _record(trial: FrozenTrial) -> TrialRecord:
    return trial_from_json(json.loads(trial.user_attrs[_RECORD]))
