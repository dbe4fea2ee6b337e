"""Reverse validation: labels must survive the way from the source to the target and back."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.bench import Prepared
from autotransfer.cli import run as command
from autotransfer.data import Array, Dataset, Modality
from autotransfer.job import fit
from autotransfer.metrics import METRICS
from autotransfer.problem import RawData
from autotransfer.reverse import hold_out, pseudo_labeled, reverse_validate, why_not
from autotransfer.settings import Settings
from autotransfer.splits import ROUNDS, Round, make_split
from autotransfer.task import Context, Source, Task
from autotransfer.trial import Decision

SHARED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
ACCURACY, RMSE = METRICS["accuracy"], METRICS["rmse"]


@dataclass(frozen=True)
class Nearest:
    """One nearest neighbour among the source's rows: the whole reverse validation can be followed by hand."""

    name: str = "nearest"

    def fit(self, task: Task, source: Source, ctx: Context) -> Found:
        assert len(task.train) == 0
        assert task.unlabeled is not None
        assert task.unlabeled.y is None
        return Found(source.rows, task.n_classes)


@dataclass(frozen=True)
class Found:
    rows: Dataset
    n_classes: int

    def predict(self, data: Dataset) -> Array:
        y = self.rows.labels[np.abs(data.X[:, None, 0] - self.rows.X[None, :, 0]).argmin(1)]
        return np.eye(self.n_classes)[y] if self.n_classes else y


def features(X: Array, y: Array | None = None, domain: Array | None = None) -> Dataset:
    return Dataset("rows", Modality.FEATURES, np.asarray(X, dtype=float).reshape(len(X), 1), y, domain)


def prepared(source: Dataset, target: Array, *, n_classes: int = 2) -> Prepared:
    classes = tuple("abc"[:n_classes]) or None
    empty = features(np.empty((0, 1)), source.labels[:0])
    task = Task(empty, classes, None, features(target))
    return Prepared(task, Source("s", SHARED, source, classes), empty, None, None)


def score(source: Dataset, target: Array, *, n_classes: int = 2, seed: int = 0) -> float:
    metric = ACCURACY if n_classes else RMSE
    ready = prepared(source, target, n_classes=n_classes)
    return reverse_validate(Nearest(), ready, metric, Round(seed), Context()).score


def blocks(n: int, *, shuffled: bool) -> Dataset:
    """Class 1 right of 0; or the same labels in any order."""
    rng = np.random.default_rng(3)
    x = np.linspace(-1, 1, n)
    y = (x > 0).astype(np.int64)
    return features(x, rng.permutation(y) if shuffled else y)


def test_sound_labels_come_back_and_shuffled_ones_do_not():
    """1-NN carries y = [x > 0] there and back without loss; of random labels about half return by chance."""
    target = np.linspace(-1, 1, 60)
    right = np.mean([score(blocks(200, shuffled=False), target, seed=seed) for seed in range(ROUNDS)])
    wrong = np.mean([score(blocks(200, shuffled=True), target, seed=seed) for seed in range(ROUNDS)])
    assert right > 0.9
    assert wrong < 0.75


def test_values_come_back_too():
    """Reverse RMSE of y = x over a grid of step h is of the order of h; larger (less negative) is better."""
    x = np.linspace(0, 1, 101)
    assert -0.05 < score(features(x, x.copy()), np.linspace(0, 1, 101), n_classes=0) <= 0
    shuffled = np.random.default_rng(0).permutation(x)
    assert score(features(x, shuffled), np.linspace(0, 1, 101), n_classes=0) < -0.2


def test_one_pseudo_class_gives_the_score_of_a_constant():
    """All target rows lie in class 1, a third of the source: the reverse model says 1 for all, and V holds as many."""
    x = np.linspace(-2, 1, 90)
    assert score(features(x, (x > 0).astype(np.int64)), np.full(7, 0.5)) == pytest.approx(1 / 3)


def test_one_row_of_a_class_does_no_harm():
    x = np.linspace(-1, 1, 12)
    assert 0 <= score(features(x, (np.arange(12) == 11).astype(np.int64)), np.linspace(-1, 1, 5)) <= 1


def test_equal_seeds_hold_the_same_rows_out_and_other_seeds_others():
    rows = blocks(200, shuffled=False)
    first, again, other = (hold_out(rows, 2, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert first.sum() == 20
    assert rows.labels[first].sum() == 10


def test_small_sources_have_both_classes_on_both_sides():
    rows = features(np.arange(14), np.array([0] * 11 + [1] * 3))
    held = hold_out(rows, 2, 0)
    for part in (held, ~held):
        assert set(rows.labels[part]) == {0, 1}


def test_each_domain_is_held_out_and_predicted_apart():
    """One model goes to the target (40 rows there), and one comes back to the 90 rows that each domain has kept."""
    x = np.tile(np.linspace(-1, 1, 100), 2)
    domain = np.repeat([0, 1], 100)
    rows = features(x, (x > 0).astype(np.int64), domain)
    held = hold_out(rows, 2, 0)
    assert [held[domain == label].sum() for label in (0, 1)] == [10, 10]
    seen: list[int] = []

    @dataclass(frozen=True)
    class Counting:
        name: str = "counting"

        def fit(self, task: Task, source: Source, ctx: Context) -> Found:
            seen.append(len(task.unlabeled or ()))
            return Nearest().fit(task, source, ctx)

    reverse_validate(Counting(), prepared(rows, np.linspace(-1, 1, 40)), ACCURACY, Round(0), Context())
    assert seen == [40, 90, 90]


def test_pseudo_labels_are_the_likeliest_class_or_the_value():
    rows = features(np.arange(2))
    assert pseudo_labeled(rows, np.array([[0.2, 0.8], [0.6, 0.4]])).labels.tolist() == [1, 0]
    assert pseudo_labeled(rows, np.array([1.5, -2.0])).labels.tolist() == [1.5, -2.0]


def test_arms_that_cannot_be_judged_say_why():
    rows = blocks(10, shuffled=False)
    needy = SimpleNamespace(needs=SHARED | Asset.SOURCE_HEAD)
    plain = SimpleNamespace(needs=SHARED)
    assert why_not(plain, Source("s", SHARED, rows)) is None
    assert "uses no source" in (why_not(plain, None) or "")
    assert "head" in (why_not(needy, Source("s", SHARED | Asset.SOURCE_HEAD, rows)) or "")
    assert "target's labels" in (why_not(plain, Source("s", Asset.SOURCE_INPUTS, rows)) or "")


def test_without_labels_the_split_is_rounds():
    split = make_split(np.empty(0, np.int64), classes=True, seed=5)
    assert split.folds == tuple(Round(5 + index) for index in range(ROUNDS))
    assert not split.has_confirm


def cloud(name: str, n: int, seed: int, *, shuffled: bool = False) -> RawData:
    rng = np.random.default_rng(seed)
    y = rng.integers(2, size=n)
    X = rng.normal(size=(n, 4))
    X[:, 0] += 4 * y
    return RawData(
        name, Modality.FEATURES, X, np.array(["no", "yes"])[rng.permutation(y) if shuffled else y].astype(object)
    )


def unlabeled(raw: RawData) -> RawData:
    return replace(raw, labels=None)


@pytest.fixture(scope="module")
def ended(tmp_path_factory):
    """A run without labels: one source is right, the other has random labels."""
    settings = Settings(
        trials=10, workers=0, out=tmp_path_factory.mktemp("run") / "run", methods=("source_only", "coral")
    )
    sources = [cloud("wrong", 120, 1, shuffled=True), cloud("right", 120, 2)]
    return fit(unlabeled(cloud("target", 60, 3)), sources, settings=settings)


def test_the_right_source_is_ranked_first(ended):
    best = {}
    for trial in ended.record.leaderboard:
        best[trial.choice.source] = max(best.get(trial.choice.source, 0.0), trial.val_score or 0.0)
    assert best["right"] > best["wrong"] + 0.1
    assert ended.verdict.choice.source == "right"


def test_the_verdict_is_an_estimate_without_a_comparison(ended):
    verdict = ended.verdict
    assert (verdict.decision, verdict.estimated) == (Decision.TRANSFER, True)
    assert (verdict.gain, verdict.baseline, verdict.p_worse) == (None, None, None)
    assert "reverse validation" in verdict.reason
    assert all(trial.gain is None for trial in ended.record.leaderboard)


def test_the_model_predicts_the_unlabeled_rows(ended):
    target = cloud("target", 60, 3)
    assert np.mean(ended.predict(target.inputs).labels == target.labels) > 0.9


def test_the_report_calls_scores_estimates(ended):
    page = (ended.folder / "report.html").read_text()
    assert "estimated accuracy" in page
    assert "reverse validation" in page


def test_equal_seeds_give_equal_scores(ended, tmp_path):
    settings = Settings(trials=4, workers=0, out=tmp_path / "run", methods=("source_only", "coral"))
    sources = [cloud("wrong", 120, 1, shuffled=True), cloud("right", 120, 2)]
    again = fit(unlabeled(cloud("target", 60, 3)), sources, settings=settings)
    first = {trial.number: trial.val_score for trial in ended.record.leaderboard}
    assert {trial.number: trial.val_score for trial in again.record.leaderboard}.items() <= first.items()


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
