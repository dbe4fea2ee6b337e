"""One trial: folds in order, scores against a reference, pruning, and predictions that cannot be used."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.bench import Bench
from autotransfer.data import Dataset, Modality
from autotransfer.errors import OutOfTimeError, PluginError
from autotransfer.evaluate import Job, of_known, run_job
from autotransfer.features import FeatureCache
from autotransfer.method import Method
from autotransfer.metrics import METRICS
from autotransfer.model import build
from autotransfer.plugins import load_catalogue
from autotransfer.predictor import Predictor
from autotransfer.problem import Problem
from autotransfer.splits import Fold, make_folds
from autotransfer.trial import Choice

N = 40


class Says(Predictor):
    """A function of the rows."""

    def __init__(self, function) -> None:
        self.function = function

    def predict(self, data):
        assert data.y is None, "labels of scored rows are withheld"
        return self.function(data)

    def state(self):
        return {"nothing": 0}

    @classmethod
    def restore(cls, state):
        return cls(None)


@dataclass(frozen=True)
class Probe(Method):
    """``behave(task, ctx)`` gives the function that predicts."""

    name: ClassVar[str] = "probe"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS
    reference: ClassVar[str] = "none"
    predictor: ClassVar[type[Predictor]] = Says
    behave: object = None

    def fit(self, task, source, ctx):
        return Says(self.behave(task, ctx))

    @classmethod
    def suggest(cls, suggest):
        return cls()


def bench_of(classes: bool = True) -> Bench:
    rng = np.random.default_rng(0)
    y = np.arange(N) % 2 if classes else rng.normal(size=N)
    target = Dataset("t", Modality.FEATURES, np.column_stack([np.arange(N), rng.normal(size=N)]).astype(np.float32), y)
    catalogue = load_catalogue(())
    encoders = {encoder.name: encoder for encoder in catalogue.encoders}
    metric = METRICS["accuracy" if classes else "rmse"]
    return Bench(Problem("p", target, ("a", "b") if classes else None), encoders, FeatureCache(None), metric)


def job_of(behave, folds=None, **options) -> Job:
    folds = folds or make_folds(np.arange(N) % 2, classes=True, seed=1)
    return Job(Probe(behave), None, "identity", folds, seed=10, **options)


def shares(data) -> np.ndarray:
    """Probabilities that follow from the id: class 1 from row 20 on."""
    second = (np.asarray(data.X)[:, 0] >= 20).astype(float)
    return np.column_stack([1 - second, second])


def test_predictions_stand_in_row_order_and_scores_are_those_of_the_folds():
    """Row i of the outcome is the prediction for row i, whatever fold it was in."""
    bench = bench_of()
    job = job_of(lambda task, ctx: shares)
    outcome = run_job(bench, job)
    np.testing.assert_array_equal(outcome.predictions, shares(bench.problem.target))
    y = bench.problem.target.labels
    expected = [np.mean((fold.score >= 20) == y[fold.score]) for fold in job.folds]
    assert outcome.fold_scores == pytest.approx(expected)
    running = [np.mean(expected[: index + 1]) for index in range(5)]
    assert outcome.steps == pytest.approx(dict(enumerate(running)))
    assert outcome.model is None
    assert outcome.predictions.dtype == np.float32


def test_values_are_scored_larger_is_better():
    bench = bench_of(classes=False)
    outcome = run_job(bench, job_of(lambda task, ctx: lambda data: np.zeros(len(data))))
    y = bench.problem.target.labels
    assert outcome.predictions.shape == (N,)
    folds = job_of(None).folds
    assert outcome.fold_scores == pytest.approx([-np.sqrt(np.mean(y[fold.score] ** 2)) for fold in folds])


def test_each_fold_has_its_rows_and_its_seed():
    given = []

    def behave(task, ctx):
        given.append((set(task.train.X[:, 0].astype(int)), ctx.seed))
        return shares

    job = job_of(behave)
    run_job(bench_of(), job)
    assert given == [(set(fold.train), 10 + index) for index, fold in enumerate(job.folds)]


def test_a_hopeless_trial_ends_at_the_fold_where_it_shows():
    """Pruned once the running mean is below the threshold of that step; no further fold is fitted."""
    fitted = []

    def behave(task, ctx):
        fitted.append(1)
        return shares

    outcome = run_job(bench_of(), job_of(behave, thresholds={0: -1.0, 2: 2.0}))
    assert outcome.predictions is None
    assert len(fitted) == len(outcome.fold_scores) == 3
    assert set(outcome.steps) == {0, 1, 2}


def reporting(scores):
    def behave(task, ctx):
        for step, score in enumerate(scores):
            ctx.report(step, score)
        return shares

    return behave


def test_with_one_fold_the_methods_own_reports_prune():
    one = (Fold(np.arange(20), np.arange(20, N)),)
    outcome = run_job(bench_of(), job_of(reporting([0.1, 0.2, 0.3]), one, thresholds={1: 0.25}))
    assert outcome.predictions is None
    assert outcome.steps == {0: 0.1, 1: 0.2}
    outcome = run_job(bench_of(), job_of(reporting([0.1, 0.3]), one, thresholds={1: 0.25}))
    assert outcome.predictions is not None
    assert outcome.steps == {0: 0.1, 1: 0.3}


def test_with_several_folds_the_methods_own_reports_are_not_mixed_with_them():
    outcome = run_job(bench_of(), job_of(reporting([-100.0] * 9), thresholds={4: -50.0}))
    assert outcome.predictions is not None
    assert set(outcome.steps) == set(range(5))


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda data: np.zeros(len(data)), "shape"),
        (lambda data: np.zeros((len(data), 3)), "shape"),
        (lambda data: np.zeros((len(data) + 1, 2)), "shape"),
        (lambda data: np.full((len(data), 2), np.nan), "not finite"),
        (lambda data: np.full((len(data), 2), np.inf), "not finite"),
    ],
    ids=["no probabilities", "too wide", "too long", "nan", "infinite"],
)
def test_unusable_predictions_name_the_method_and_the_rule(function, words):
    with pytest.raises(PluginError, match=f"probe: .*{words}"):
        run_job(bench_of(), job_of(lambda task, ctx: function))


def test_all_folds_share_one_deadline():
    """A method that asks in its first fold, after the seconds of the job, is told that the time is spent."""

    def behave(task, ctx):
        assert ctx.seconds_left() == 0.0
        assert ctx.deadline <= time.monotonic()
        ctx.check_time()

    with pytest.raises(OutOfTimeError):
        run_job(bench_of(), job_of(behave, seconds=-1.0))


def test_the_kept_model_predicts_what_the_job_predicted():
    """A model built from the plain state alone, the fitted encoder included, equals the one that was fitted."""
    bench, catalogue = bench_of(), load_catalogue(())
    method = catalogue.method("no_transfer")
    fold = (Fold(np.arange(30), np.arange(30, N)),)
    outcome = run_job(bench, Job(method(), None, "standard", fold, 0, keep=True))
    choice = Choice("no_transfer", None, "standard", method().params())
    about = {"modality": "features", "classes": ["a", "b"], "columns": None}
    model = build(choice, about, outcome.model, catalogue)
    rows = bench.problem.target.take(fold[0].score)
    np.testing.assert_allclose(model.predict(rows), outcome.predictions, atol=1e-6)


def test_a_fold_of_one_class_has_no_roc_auc_and_the_others_count():
    """Three positives in five folds: two folds hold none, where ranking them is undefined."""
    bench = replace(bench_of(), metric=METRICS["roc_auc"])
    y = (np.arange(N) >= N - 3).astype(np.int64)
    bench = replace(bench, problem=replace(bench.problem, target=replace(bench.problem.target, y=y)))
    folds = make_folds(y, classes=True, seed=0)
    outcome = run_job(bench, job_of(lambda task, ctx: shares, folds))
    expected = [METRICS["roc_auc"].score(y[f.score], shares(bench.problem.target.take(f.score))) for f in folds]
    defined = [score for score in expected if np.isfinite(score)]
    assert len(defined) == 3
    assert outcome.fold_scores == pytest.approx(defined)
    assert np.isfinite(list(outcome.steps.values())).all()


def test_where_no_fold_has_a_score_all_their_rows_have_one():
    """R² of a single row is undefined; of the five out-of-fold predictions together it is not."""
    bench = replace(bench_of(classes=False), metric=METRICS["r2"])
    bench = replace(bench, problem=replace(bench.problem, target=bench.problem.target.take(np.arange(5))))
    y = bench.problem.target.labels
    folds = make_folds(y, classes=False, seed=0)
    outcome = run_job(bench, job_of(lambda task, ctx: lambda data: np.zeros(len(data)), folds))
    assert outcome.fold_scores == pytest.approx([1 - np.mean(y**2) / np.var(y)])


@pytest.mark.parametrize("masked", [0, 1])
def test_scored_rows_are_told_among_classes_that_they_can_be_of(masked: int) -> None:
    """Probabilities without the classes that no labelled row is of; equal ones where nothing else is left."""
    predictions = np.array([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    found = of_known(predictions, np.array([masked]))
    assert not found[:, masked].any()
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    kept = [column for column in range(3) if column != masked]
    np.testing.assert_allclose(found[0, kept], predictions[0, kept] / predictions[0, kept].sum())
