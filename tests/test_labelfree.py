"""Trials without target labels: which rows are held out, what a validator is shown, and whole runs."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.bench import Prepared
from autotransfer.cli import run as command
from autotransfer.data import Array, Dataset, Modality
from autotransfer.errors import InputError, PluginError
from autotransfer.job import fit
from autotransfer.labelfree import choose_validator, hold_out, observe, unfit, unused, validate, why_not
from autotransfer.metrics import METRICS
from autotransfer.plugins import load_catalogue
from autotransfer.predictor import Predictor
from autotransfer.problem import Problem, RawData
from autotransfer.settings import Settings
from autotransfer.splits import ROUNDS, Round, make_split
from autotransfer.task import Context, Source, Task
from autotransfer.trial import Decision
from autotransfer.validator import Clue, LabelFree, Validator

SHARED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
ACCURACY = METRICS["accuracy"]
VALIDATORS = load_catalogue().validators


@dataclass(frozen=True)
class Nearest:
    """One nearest neighbour among the source's rows: a trial can be followed by hand."""

    name: str = "nearest"

    def fit(self, task: Task, source: Source, ctx: Context) -> Found:
        assert len(task.train) == 0
        assert task.unlabeled is not None
        assert task.unlabeled.y is None
        return Found(source.rows, task.n_classes)


@dataclass(frozen=True)
class Found(Predictor):
    rows: Dataset
    n_classes: int
    shift: float = 0.0

    def predict(self, data: Dataset) -> Array:
        assert data.y is None
        y = self.rows.labels[np.abs(data.X[:, None, 0] + self.shift - self.rows.X[None, :, 0]).argmin(1)]
        return np.eye(self.n_classes)[y] if self.n_classes else y

    def state(self):
        return {}

    @classmethod
    def restore(cls, state):
        raise NotImplementedError


def features(X: Array, y: Array | None = None, domain: Array | None = None) -> Dataset:
    return Dataset("rows", Modality.FEATURES, np.asarray(X, dtype=float).reshape(len(X), 1), y, domain)


def prepared(source: Dataset, target: Array, *, n_classes: int = 2) -> Prepared:
    classes = tuple("abc"[:n_classes]) or None
    empty = features(np.empty((0, 1)), source.labels[:0])
    task = Task(empty, classes, None, features(target))
    return Prepared(task, Source("s", SHARED, source, classes), empty, None, None)


def blocks(n: int) -> Dataset:
    """Class 1 right of 0."""
    x = np.linspace(-1, 1, n)
    return features(x, (x > 0).astype(np.int64))


# --- Which rows are held out ---


def test_rounds_of_one_seed_hold_disjoint_fifths_out():
    """Equal rounds are equal; rounds 0, 1, ... share no row, and each has both classes in proportion."""
    rows = blocks(200)
    parts = [hold_out(rows, 2, Round(1, index)) for index in range(5)]
    np.testing.assert_array_equal(parts[0], hold_out(rows, 2, Round(1, 0)))
    assert (np.sum(parts, axis=0) == 1).all()
    assert [int(part.sum()) for part in parts] == [40] * 5
    assert [int(rows.labels[part].sum()) for part in parts] == [20] * 5
    assert (parts[0] != hold_out(rows, 2, Round(2, 0))).any()


@pytest.mark.parametrize("index", range(ROUNDS))
def test_small_sources_have_both_classes_on_both_sides(index):
    rows = features(np.arange(14), np.array([0] * 11 + [1] * 3))
    held = hold_out(rows, 2, Round(0, index))
    for part in (held, ~held):
        assert set(rows.labels[part]) == {0, 1}


def test_each_domain_is_held_out_apart():
    x = np.tile(np.linspace(-1, 1, 100), 2)
    domain = np.repeat([0, 1], 100)
    held = hold_out(features(x, (x > 0).astype(np.int64), domain), 2, Round(0, 0))
    assert [held[domain == label].sum() for label in (0, 1)] == [20, 20]


def test_without_labels_the_split_is_rounds():
    split = make_split(np.empty(0, np.int64), classes=True, seed=5)
    assert split.folds == tuple(Round(5, index) for index in range(ROUNDS))
    assert not split.has_confirm


# --- What a validator is shown ---


def test_the_evidence_is_one_fit_without_the_held_rows():
    rows = blocks(50)
    predictor, seen = observe(Nearest(), prepared(rows, np.linspace(-1, 1, 7)), ACCURACY, Round(0, 0), Context(seed=4))
    held = hold_out(rows, 2, Round(0, 0))
    np.testing.assert_array_equal(seen.known.X, rows.X[~held])
    np.testing.assert_array_equal(seen.held.X, rows.X[held])
    np.testing.assert_array_equal(predictor.rows.X, rows.X[~held])
    assert seen.target.y is None
    np.testing.assert_array_equal(seen.target_predictions, predictor.predict(seen.target))
    np.testing.assert_array_equal(seen.held_predictions, predictor.predict(seen.held.without_labels()))
    for found, part in (
        (seen.known_features, seen.known),
        (seen.held_features, seen.held),
        (seen.target_features, seen.target),
    ):
        np.testing.assert_array_equal(found, part.X)
    assert (seen.n_classes, seen.metric, seen.seed) == (2, ACCURACY, 4)


def test_features_are_made_when_they_are_asked_for():
    seen = observe(Nearest(), prepared(blocks(50), np.zeros(7)), ACCURACY, Round(0, 0), Context(), features=False)[1]
    assert [part.shape for part in (seen.known_features, seen.held_features, seen.target_features)] == [
        (40, 0),
        (10, 0),
        (7, 0),
    ]


def test_source_rows_take_the_sources_way_to_the_model():
    """A model that expects target rows moved by 5 says of source rows what it says of them unmoved."""

    @dataclass(frozen=True)
    class Moved(Predictor):
        model: Found

        def predict(self, data: Dataset) -> Array:
            return replace(self.model, shift=-5.0).predict(data)

        def represent(self, data: Dataset) -> Array:
            return data.X - 5

        def for_source(self) -> Predictor:
            return self.model

        def state(self):
            return {}

        @classmethod
        def restore(cls, state):
            raise NotImplementedError

    @dataclass(frozen=True)
    class Moving:
        name: str = "moving"

        def fit(self, task: Task, source: Source, ctx: Context) -> Moved:
            return Moved(Nearest().fit(task, source, ctx))

    seen = observe(Moving(), prepared(blocks(50), 5 + np.linspace(-1, 1, 8)), ACCURACY, Round(0, 0), Context())[1]
    assert ACCURACY.score(seen.held.labels, seen.held_predictions) > 0.9
    np.testing.assert_array_equal(seen.target_predictions[:, 1], np.arange(8) >= 4)
    np.testing.assert_array_equal(seen.held_features, seen.held.X)
    np.testing.assert_allclose(seen.target_features[:, 0], np.linspace(-1, 1, 8))


def test_a_refit_has_the_given_rows_alone():
    """The same method, the first rows as source, the second as unlabelled target, no labelled target row."""
    asked: list[tuple[int, int]] = []

    @dataclass(frozen=True)
    class Counting:
        name: str = "counting"

        def fit(self, task: Task, source: Source, ctx: Context) -> Found:
            asked.append((len(source.rows), len(task.unlabeled or ())))
            return Nearest().fit(task, source, ctx)

    seen = observe(Counting(), prepared(blocks(50), np.zeros(7)), ACCURACY, Round(0, 0), Context())[1]
    labeled = features([-1.0, 1.0], np.array([1, 0]))
    np.testing.assert_array_equal(seen.refit(labeled, blocks(12), features([-0.9, 0.9, 0.8])).argmax(1), [1, 0, 0])
    assert asked == [(40, 7), (2, 12)]


@pytest.mark.parametrize(
    ("found", "words"), [(np.zeros(3), r"represent gave shape \(3,\)"), (np.full((40, 2), np.nan), "not finite")]
)
def test_unusable_features_name_the_method(found, words):
    @dataclass(frozen=True)
    class Odd(Found):
        def represent(self, data: Dataset) -> Array:
            return found

    class Strange(Nearest):
        def fit(self, task, source, ctx):
            return Odd(source.rows, task.n_classes)

    with pytest.raises(PluginError, match=f"nearest: .*{words}"):
        observe(Strange(), prepared(blocks(50), np.zeros(7)), ACCURACY, Round(0, 0), Context())


@dataclass(frozen=True)
class Constant(Predictor):
    row: Array

    def predict(self, data: Dataset) -> Array:
        return np.tile(self.row, (len(data), 1))

    def state(self):
        return {}

    @classmethod
    def restore(cls, state):
        raise NotImplementedError


def test_a_model_of_raw_rows_without_features_of_its_own_is_named():
    class Texts(Nearest):
        def fit(self, task, source, ctx):
            return Constant(np.array([0.0, 1.0]))

    rows = Dataset("t", Modality.TEXT, np.array(["a", "b"] * 10, dtype=object), np.arange(20) % 2)
    task = Task(rows.take(np.arange(0)), ("a", "b"), None, rows.without_labels())
    given = (Texts(), Prepared(task, Source("s", SHARED, rows, ("a", "b")), rows, None, None), ACCURACY, Round(0, 0))
    with pytest.raises(PluginError, match="nearest: its model of text rows shows no features"):
        observe(*given, Context())
    assert observe(*given, Context(), features=False)[1].target_predictions.shape == (20, 2)


@dataclass(frozen=True)
class Peek(Validator):
    """Says how many features it was shown."""

    name: ClassVar[str] = "peek"
    needs: ClassVar[Clue] = Clue.TARGET
    higher_is_better: ClassVar[bool] = True
    reference: ClassVar[str] = "none"
    meaning: ClassVar[str] = "none"

    def score(self, evidence: LabelFree) -> float:
        return float(evidence.target_features.shape[1])


@dataclass(frozen=True)
class Needy(Peek):
    name: ClassVar[str] = "needy"
    needs: ClassVar[Clue] = Clue.TARGET | Clue.FEATURES | Clue.ROW_LOSSES


def test_a_round_is_the_validators_score():
    ready = prepared(blocks(50), np.zeros(7))
    for validator, expected in ((Peek(), 0.0), (Needy(), 1.0)):
        found = validate(Nearest(), ready, (validator, ACCURACY), Round(0, 0), Context())
        assert found.score == expected
        assert found.predictions.shape == (7, 2)


# --- Who judges what ---


def test_arms_that_cannot_be_judged_say_why():
    rows, peek = blocks(10), Peek()
    features_only = {"modalities": frozenset({Modality.FEATURES}), "predictor": Found}
    needy = SimpleNamespace(needs=SHARED | Asset.SOURCE_HEAD, **features_only)
    plain = SimpleNamespace(needs=SHARED, **features_only)
    assert why_not(plain, Source("s", SHARED, rows), Needy()) is None
    assert "uses no source" in (why_not(plain, None, peek) or "")
    assert "head" in (why_not(needy, Source("s", SHARED | Asset.SOURCE_HEAD, rows), peek) or "")
    assert "target's labels" in (why_not(plain, Source("s", Asset.SOURCE_INPUTS, rows), peek) or "")
    raw = SimpleNamespace(needs=SHARED, modalities=frozenset({Modality.IMAGE}), predictor=Found)
    assert why_not(raw, Source("s", SHARED, rows), peek) is None
    assert "shows none" in (why_not(raw, Source("s", SHARED, rows), Needy()) or "")


def problem_of(*, labeled: bool = False, regression: bool = False) -> Problem:
    y = np.linspace(0, 1, 20) if regression else np.arange(20) % 2
    target = features(np.arange(20.0), y)
    return Problem("p", target if labeled else target.take(np.arange(0)), None if regression else ("a", "b"))


def test_the_first_that_fits_is_the_default_and_labels_are_preferred():
    catalogue = load_catalogue()
    first = next(iter(catalogue.validators.values()))
    assert choose_validator(catalogue, Settings(), problem_of()) is first
    assert choose_validator(catalogue, Settings(validator="entropy"), problem_of(labeled=True)) is None
    by_values = choose_validator(catalogue, Settings(), problem_of(regression=True))
    assert by_values is next(v for v in catalogue.validators.values() if v.regression)


@pytest.mark.parametrize(
    ("settings", "regression", "words"),
    [
        (Settings(validator="oracle"), False, "--validator oracle: there is no such validator; there are "),
        (Settings(validator="entropy"), True, "--validator entropy: it is for classes, the target has values"),
        (
            Settings(validator="deep_embedded_validation", metric="f1_macro"),
            False,
            "--validator deep_embedded_validation: it weighs rows, and f1_macro is no mean over rows",
        ),
    ],
)
def test_a_validator_that_cannot_judge_is_refused(settings, regression, words):
    with pytest.raises(InputError) as caught:
        choose_validator(load_catalogue(), settings, problem_of(regression=regression))
    assert str(caught.value).startswith(words)


def test_a_validator_that_is_not_needed_is_noted():
    (note,) = unused(Settings(validator="entropy"), problem_of(labeled=True))
    assert note.startswith("--validator entropy: not used")
    assert unused(Settings(validator="entropy"), problem_of()) == unused(Settings(), problem_of(labeled=True)) == ()


def test_without_any_validator_there_is_a_word():
    with pytest.raises(InputError, match="no installed validator can judge by accuracy"):
        choose_validator(replace(load_catalogue(), validators={}), Settings(), problem_of())


def test_unfit_looks_at_the_kind_of_target_and_the_metric():
    assert unfit(Needy(), METRICS["brier"]) is None
    assert "mean over rows" in (unfit(Needy(), METRICS["roc_auc"]) or "")
    assert "for classes" in (unfit(Peek(), METRICS["rmse"]) or "")


# --- Whole runs ---


def cloud(name: str, n: int, seed: int, *, shuffled: bool = False) -> RawData:
    rng = np.random.default_rng(seed)
    y = rng.integers(2, size=n)
    X = rng.normal(size=(n, 4))
    X += 4 * y[:, None]
    return RawData(
        name, Modality.FEATURES, X, np.array(["no", "yes"])[rng.permutation(y) if shuffled else y].astype(object)
    )


def unlabeled(raw: RawData) -> RawData:
    return replace(raw, labels=None)


SOURCES = (cloud("wrong", 120, 1, shuffled=True), cloud("right", 120, 2))
TARGET = cloud("target", 60, 3)


@pytest.fixture(scope="module", params=list(VALIDATORS))
def ended(request, tmp_path_factory):
    """A run without labels by each validator: one source is right, the other has random labels."""
    settings = Settings(
        trials=6,
        workers=0,
        out=tmp_path_factory.mktemp("run") / "run",
        methods=("source_only", "coral"),
        validator=request.param,
    )
    return fit(unlabeled(TARGET), SOURCES, settings=settings)


def not_density(ended) -> None:
    if ended.verdict.validator.name == "soft_neighborhood_density":
        pytest.skip("it prefers predictions that are alike for all rows, which a source with random labels gives")


def test_the_right_source_is_ranked_first(ended):
    not_density(ended)
    best = {}
    for trial in ended.record.leaderboard:
        if trial.val_score is not None:
            best[trial.choice.source] = max(best.get(trial.choice.source, -np.inf), trial.val_score)
    assert best["right"] > best["wrong"]


def test_the_verdict_is_an_estimate_without_a_comparison(ended):
    verdict = ended.verdict
    assert (verdict.decision, verdict.estimated) == (Decision.TRANSFER, True)
    assert (verdict.gain, verdict.baseline, verdict.p_worse) == (None, None, None)
    validator = VALIDATORS[verdict.validator.name]
    assert validator.name == ended.record.settings["validator"]
    assert validator.meaning.rstrip(".") in verdict.reason
    assert verdict.validator.known_error == validator.known_error(regression=False)
    assert all(trial.gain is None for trial in ended.record.leaderboard)


def test_the_model_predicts_the_unlabeled_rows(ended):
    not_density(ended)
    assert np.mean(ended.predict(TARGET.inputs).labels == TARGET.labels) > 0.9


def test_the_report_names_the_validator_and_calls_scores_what_they_are(ended):
    page = (ended.folder / "report.html").read_text()
    judge = ended.verdict.validator
    assert f"arms were ranked by {judge.name}" in page
    assert ("estimated accuracy" in page) == judge.in_metric


def test_the_record_comes_back_from_its_file(ended):
    from autotransfer.run import Run

    assert Run.load(ended.folder).verdict == ended.verdict


def test_equal_seeds_give_equal_scores(tmp_path):
    runs = [
        fit(
            unlabeled(TARGET),
            SOURCES,
            settings=Settings(trials=3, workers=0, out=tmp_path / name, methods=("source_only", "coral")),
        )
        for name in ("one", "two")
    ]
    first, second = ({t.number: t.val_score for t in run.record.leaderboard} for run in runs)
    assert first == second


def test_a_run_goes_on_with_its_own_validator_alone(tmp_path):
    settings = Settings(trials=2, workers=0, out=tmp_path / "run", methods=("source_only",), validator="entropy")
    fit(unlabeled(TARGET), SOURCES, settings=settings)
    again = replace(settings, out=None, resume=tmp_path / "run", trials=3)
    with pytest.raises(InputError, match="--validator is not that run's; give --validator entropy"):
        fit(unlabeled(TARGET), SOURCES, settings=replace(again, validator="class_ami"))
    assert fit(unlabeled(TARGET), SOURCES, settings=again).verdict.validator.name == "entropy"


def test_an_unknown_validator_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(InputError, match="--validator oracle"):
        fit(TARGET, SOURCES, settings=Settings(out=tmp_path / "run", validator="oracle"))
    assert not (tmp_path / "run").exists()


def test_values_from_one_source_with_a_test_set(tmp_path, capsys):
    """A table from the command line: the target has no label column filled, the test file has."""
    rng = np.random.default_rng(0)

    def table(name: str, n: int, *, blank: bool = False) -> str:
        X = rng.normal(size=(n, 3))
        y = 2 * X[:, 0] - X[:, 1]
        rows = [[*map(repr, x.tolist()), "" if blank else repr(float(v))] for x, v in zip(X, y, strict=True)]
        with (tmp_path / name).open("w", newline="") as file:
            csv.writer(file).writerows([["a", "b", "c", "label"], *rows])
        return str(tmp_path / name)

    words = ["fit", table("t.csv", 40, blank=True), "--source", table("s.csv", 80), "--test", table("test.csv", 30)]
    words += ["--trials", "4", "--workers", "0", "--methods", "source_only", "--out", str(tmp_path / "run"), "--json"]
    assert command(words) == 0
    document = json.loads(capsys.readouterr().out)
    verdict = document["verdict"]
    assert (verdict["decision"], document["metric"], verdict["estimated"]) == ("transfer", "rmse", True)
    assert abs(verdict["test_score"]) < 1.0
    assert verdict["baseline_test_score"] is None
