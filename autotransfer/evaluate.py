"""One trial: fit a configured method on each fold and predict the rows it has not seen. Runs in any process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import final

import numpy as np

from autotransfer.bench import Bench, Prepared, prepare
from autotransfer.borrowed import judge
from autotransfer.checked import predict_checked
from autotransfer.config import to_json
from autotransfer.data import Array, Dataset
from autotransfer.entries import truth_of
from autotransfer.errors import PrunedError
from autotransfer.fitting import Fitter
from autotransfer.footprint import Footprint, seconds_of
from autotransfer.keeping import held_back, what_is_kept
from autotransfer.kept import Kept, mean_kept
from autotransfer.labelfree import validate
from autotransfer.method import Method
from autotransfer.metrics import Metric
from autotransfer.peak import PeakMemory
from autotransfer.predictor import Predictor
from autotransfer.splits import Borrowed, Fold, Parts, Round, in_row_order
from autotransfer.state import State
from autotransfer.task import Context


@dataclass(frozen=True, eq=False)
class Job:
    """A configured arm and the folds to evaluate it on, or the rounds of a target without labels.

    :param thresholds: step -> score below which the trial is hopeless. Steps are folds (running mean score) where
        there are several, else what the method reports.
    :param seconds: wall-clock seconds that the method may use for all folds.
    :param keep: return the last fold's fitted model as plain data.
    """

    method: Method
    source: str | None
    encoder: str | None
    folds: Parts
    seed: int
    thresholds: Mapping[int, float] = field(default_factory=dict)
    seconds: float = float("inf")
    keep: bool = False


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a trial found.

    :param predictions: (n_scored, n_classes) or (n_scored,), in row order (see ``entries`` for several tasks); after
        rounds the mean prediction of the unlabelled target rows; None when pruned.
    :param fold_scores: larger-is-better, one a fold that was evaluated and where the metric is defined (ROC AUC needs
        two classes); of all folds together where it is defined on none.
    :param steps: step -> score, as ``Job.thresholds``.
    :param footprint: of the last fold's model; None when pruned.
    :param kept: of the source's own task, the mean over the folds; None when pruned, and of methods that do not tell.
    """

    predictions: Array | None
    fold_scores: tuple[float, ...]
    steps: dict[int, float]
    model: State | None = None
    footprint: Footprint | None = None
    kept: Kept | None = None


@final
class _Steps:
    """Notes intermediate scores and raises when one is hopeless."""

    def __init__(self, thresholds: Mapping[int, float]) -> None:
        self.thresholds = thresholds
        self.scores: dict[int, float] = {}

    def report(self, step: int, score: float) -> None:
        self.scores[step] = float(score)
        if score < self.thresholds.get(step, -np.inf):
            raise PrunedError

    def ignore(self, step: int, score: float) -> None:
        """Inside one of several folds: the folds are the steps."""


def run_job(bench: Bench, job: Job) -> Outcome:
    """Evaluate a job. Raises whatever the method raises, and ``PluginError`` when its predictions are unusable."""
    with PeakMemory() as peak:
        found = _run(bench, job)
    if found.footprint is None:
        return found
    return replace(found, footprint=replace(found.footprint, memory=peak.bytes))


def _run(bench: Bench, job: Job) -> Outcome:
    deadline = time.monotonic() + job.seconds
    steps, many, fitter = _Steps(job.thresholds), len(job.folds) > 1, Fitter(job.method)
    predictions: list[Array] = []
    scores: list[float] = []
    kept: list[Kept | None] = []
    try:
        for index, fold in enumerate(job.folds):
            context = Context(job.seed + index, bench.device, deadline, steps.ignore if many else steps.report)
            done = _evaluate(bench, job, fitter, (index, fold), context)
            predictions.append(done.predictions)
            kept.append(done.kept)
            if np.isfinite(done.score):
                scores.append(done.score)
            if many and scores:
                steps.report(index, float(np.mean(scores)))
    except PrunedError:
        return Outcome(None, tuple(scores), steps.scores)
    rows = bench.by_row(job.folds, _assembled(job.folds, predictions).astype(np.float32))
    known = tuple(scores) or _score_together(bench, job.folds, rows)
    model = _model_state(bench, done) if job.keep else None
    return Outcome(rows, known, steps.scores, model, _footprint(bench, done), mean_kept(kept))


@dataclass(frozen=True, eq=False)
class _Done:
    """One fold or round: what was fitted on what, and how well it did."""

    prepared: Prepared
    predictor: Predictor
    predictions: Array
    score: float
    kept: Kept | None = None


def _evaluate(
    bench: Bench, job: Job, fitter: Fitter, part: tuple[int, Fold | Round | Borrowed], context: Context
) -> _Done:
    nothing, (index, fold) = np.empty(0, np.int64), part
    if isinstance(fold, Borrowed):
        lent = judge(bench, fitter, (job.source, job.encoder), fold, context)
        score = bench.metric.score(bench.truth((fold,)), lent.predictions)
        return _Done(lent.prepared, lent.predictor, lent.predictions, score)
    rows = (nothing, nothing) if isinstance(fold, Round) else (fold.train, fold.score)
    prepared = prepare(bench, type(job.method), bench.source(job.source, whole=job.keep), job.encoder, rows)
    if isinstance(fold, Round):
        if bench.validator is None:
            raise TypeError("a target without labels needs a validator")
        found = validate(job.method, prepared, (bench.validator, bench.metric), fold, context)
        return _Done(prepared, found.predictor, found.predictions, found.score)
    predictor, kept = _fitted(job, fitter, (prepared, index), context, bench.metric)
    predictions = predict_checked(job.method, predictor, prepared.score, prepared.task.columns)
    if len(bench.problem.unseen):
        predictions = of_known(predictions, bench.problem.unseen)
    y = prepared.score.labels
    truth = truth_of(prepared.score, bench.metric, ~np.isin(y, prepared.task.train.labels))
    return _Done(prepared, predictor, predictions, bench.metric.score(truth, predictions), kept)


def _fitted(
    job: Job, fitter: Fitter, part: tuple[Prepared, int], context: Context, metric: Metric
) -> tuple[Predictor, Kept | None]:
    """The model and, of a method that tells, what it has kept. What is shipped learns from all of the source's rows."""
    prepared, index = part
    if prepared.source is None or not job.method.keeps or job.keep:
        return fitter.fit(prepared.task, prepared.source, context), None
    source, held = held_back(prepared.source, index)
    predictor = job.method.fit(prepared.task, source, context)
    return predictor, what_is_kept(job.method, predictor, held, metric)


def of_known(predictions: Array, unseen: Array) -> Array:
    """Probabilities among the classes that the scored rows can be of; equal ones where nothing is left."""
    among = np.delete(predictions, unseen, axis=1)
    total = among.sum(axis=1, keepdims=True)
    found = np.zeros_like(predictions)
    known = np.setdiff1d(np.arange(predictions.shape[1]), unseen)
    found[:, known] = np.where(total > 0, among / np.where(total > 0, total, 1.0), 1 / len(known))
    return found


def _score_together(bench: Bench, folds: Parts, predictions: Array) -> tuple[float, ...]:
    """The score of all folds' rows as one, for metrics that are undefined on each of a few rows."""
    score = bench.metric.score(bench.truth(folds), predictions)
    return (score,) if np.isfinite(score) else ()


def _assembled(folds: Parts, predictions: list[Array]) -> Array:
    """Folds and borrowed tasks predict different rows, rounds the same ones."""
    if any(isinstance(fold, Borrowed) for fold in folds):
        return np.concatenate(predictions)
    by_rows = tuple(fold for fold in folds if isinstance(fold, Fold))
    return in_row_order(by_rows, np.concatenate(predictions)) if by_rows else np.mean(predictions, axis=0)


def _footprint(bench: Bench, done: _Done) -> Footprint:
    """Of the encoder and the predictor together."""
    prepared, predictor = done.prepared, done.predictor
    row = _first_row(prepared.score, prepared.task.train, prepared.task.unlabeled)
    size = predictor.learned()
    known = predictor.trained()
    trained = (None, None) if known is None else (known.parameters, known.bytes)
    found = Footprint(size.parameters, size.bytes, seconds_of(lambda: predictor.predict(row)), *trained)
    if prepared.encoder is None or prepared.fit_rows is None:
        return found
    raw = _first_row(bench.problem.target, bench.problem.unlabeled)
    return found + bench.cache.footprint(prepared.encoder, prepared.fit_rows, raw)


def _first_row(*parts: Dataset | None) -> Dataset:
    return next(part for part in parts if part is not None and len(part)).without_labels().take(np.arange(1))


def _model_state(bench: Bench, done: _Done) -> State:
    """The fitted encoder and predictor as plain data."""
    encoder, rows, predictor = done.prepared.encoder, done.prepared.fit_rows, done.predictor
    if encoder is None or rows is None:
        return {"encoder": None, "predictor": predictor.state()}
    fitted = bench.cache.fitted(encoder, rows)
    about = {"name": encoder.name, "params": to_json(encoder), "state": fitted.state()}
    return {"encoder": about, "predictor": predictor.state()}
