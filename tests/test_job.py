"""The main job end to end, in this process, on small problems whose right answer is known."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from autotransfer.assets import Asset
from autotransfer.average import members
from autotransfer.data import Array, Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.hookspecs import hookimpl
from autotransfer.job import fit
from autotransfer.leaderboard import COLUMNS
from autotransfer.loading import load_problem
from autotransfer.method import Method
from autotransfer.plugins import load_catalogue
from autotransfer.predictor import Predictor
from autotransfer.problem import RawData
from autotransfer.progress import Progress
from autotransfer.run import Run
from autotransfer.settings import Settings
from autotransfer.splits import make_split
from autotransfer.trial import Decision, Status

WEIGHTS = np.array([1.0, 1.0, 1.0, -1.0, 0.5, 0.0, 0.0, 0.0])
METHODS = ("pooled", "source_only")


def rows(name: str, n: int, seed: int, *, flip: bool = False, noise: float = 2.0) -> RawData:
    """Two classes with a linear border, seen through noise; ``flip`` exchanges the labels."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, len(WEIGHTS)))
    positive = X @ WEIGHTS + noise * rng.normal(size=n) > 0
    names = np.array(["yes", "no"] if flip else ["no", "yes"], dtype=object)
    return RawData(name, Modality.FEATURES, X, names[positive.astype(int)])


def values(name: str, n: int, seed: int) -> RawData:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, len(WEIGHTS)))
    return RawData(name, Modality.FEATURES, X, X @ WEIGHTS + rng.normal(size=n))


def run_on(
    folder: Path | None, *sources: RawData, target: RawData | None = None, plugins=(), progress=None, **options: object
) -> Run:
    options = {"methods": METHODS, "trials": 9, "workers": 0, "out": folder} | options
    return fit(
        target or rows("target", 60, 0), list(sources), settings=Settings(**options), progress=progress, plugins=plugins
    )


@pytest.fixture(scope="module")
def helped(tmp_path_factory) -> Run:
    """A run with 20 labelled rows, test rows, and 400 rows of the same kind as a source."""
    folder = tmp_path_factory.mktemp("helped") / "run"
    target = rows("target", 420, 0, noise=0.5)
    return run_on(folder, rows("helper", 400, 1, noise=0.5), target=target, test_size=0.95)


def test_a_helpful_source_is_used(helped):
    """The source holds the target's own rule, 20 times as often as the target."""
    verdict = helped.verdict
    assert verdict.decision is Decision.TRANSFER
    assert verdict.choice.source == "helper"
    assert verdict.best_transfer in members(verdict.choice)
    assert verdict.p_worse <= verdict.alpha
    assert verdict.gain.low <= verdict.gain.mean <= verdict.gain.high
    assert verdict.gain.level == 0.9
    assert verdict.test_score > verdict.baseline_test_score


def test_flipped_labels_are_not_transferred(tmp_path):
    run = run_on(tmp_path / "run", rows("flipped", 300, 1, flip=True, noise=0.5), methods=("source_only",), trials=7)
    assert run.verdict.decision is Decision.DO_NOT_TRANSFER
    assert run.verdict.choice.method == "no_transfer"
    assert run.verdict.choice == run.verdict.baseline
    assert run.verdict.gain.high < 0
    assert run.record.risk["flipped"]["source_only"] > 0.95


def test_run_json_has_what_the_contract_names(helped):
    content = json.loads((helped.folder / "run.json").read_text())
    verdict = content["verdict"]
    assert verdict["decision"] == "transfer"
    assert set(verdict["arm"]) >= {"method", "source", "params"}
    assert set(verdict["gain"]) == {"mean", "low", "high", "level"}
    assert isinstance(verdict["test_score"], float)
    assert isinstance(verdict["baseline_test_score"], float)
    assert content["metric"] == "accuracy"
    assert set(content["evidence"]) == {"helper"}
    assert all(value is None or isinstance(value, float) for value in content["evidence"]["helper"].values())
    assert set(content["risk"]["helper"]) == set(METHODS)
    assert all(0 <= risk <= 1 for risk in content["risk"]["helper"].values())
    assert {"method", "source", "reason"} == set(content["skipped"][0])
    assert content["trials_total"] == 9
    assert content["trials_failed"] == content["trials_pruned"] == 0
    assert content["seconds"] > 0
    assert content["settings"]["methods"] == list(METHODS)
    assert content["data"]["target"]["labeled"] == 21
    assert content["environment"]["packages"]["optuna"]


def test_the_run_directory_is_complete(helped):
    for name in ("run.json", "leaderboard.csv", "study.db", "model/model.json", "report.html", "log.jsonl"):
        assert (helped.folder / name).stat().st_size > 0
    events = [json.loads(line) for line in (helped.folder / "log.jsonl").read_text().splitlines()]
    stages = [event["words"] for event in events if event["event"] == "stage"]
    assert stages[-3:] == ["guard", "score on test, once", "finish the run"]
    assert events[-1]["event"] == "end"


def test_the_leaderboard_has_a_row_a_trial_best_first(helped):
    with (helped.folder / "leaderboard.csv").open() as file:
        board = list(csv.DictReader(file))
    assert tuple(board[0]) == COLUMNS
    assert len(board) == 9
    assert [row["rank"] for row in board] == [str(rank) for rank in range(1, 10)]
    scores = [float(row["val_score"]) for row in board if row["status"] == "complete"]
    assert scores == sorted(scores, reverse=True)
    assert "no_transfer" in {row["method"] for row in board}
    assert {row["status"] for row in board} <= set(Status)
    best = max(float(row["val_score"]) for row in board if row["method"] == "no_transfer")
    for row in board:
        json.loads(row["params"])
        assert float(row["gain"]) == pytest.approx(float(row["val_score"]) - best, abs=1e-12)


def test_no_transfer_is_tried_as_often_as_any_other_method(helped):
    counts = helped.leaderboard["method"].value_counts()
    assert counts["no_transfer"] >= counts.drop("no_transfer").max()


def test_the_saved_run_predicts_what_its_test_score_says(helped):
    loaded = Run.load(helped.folder)
    assert loaded.record == helped.record
    fresh = rows("fresh", 500, 5, noise=0.5)
    told = loaded.predict(fresh)
    assert np.mean(told.labels == fresh.labels) == pytest.approx(helped.verdict.test_score, abs=0.1)
    np.testing.assert_allclose(told.probabilities.sum(1), 1, atol=1e-5)
    np.testing.assert_array_equal(told.labels, np.array(told.classes)[told.probabilities.argmax(1)])


def test_equal_seeds_give_equal_leaderboards(tmp_path):
    """Everything random comes from the seed: all but the seconds are equal, and another seed gives other folds."""
    boards = []
    for index, seed in enumerate((3, 3, 4)):
        run = run_on(tmp_path / str(index), rows("helper", 100, 1), seed=seed, trials=7)
        boards.append([(t.number, t.choice, t.status, t.val_score, t.fold_scores) for t in run.record.leaderboard])
    assert boards[0] == boards[1]
    assert boards[0] != boards[2]


def test_regression(tmp_path):
    run = run_on(tmp_path / "run", values("helper", 300, 1), target=values("target", 260, 0), trials=7)
    assert run.record.metric == "rmse"
    assert not run.record.greater_is_better
    scores = run.leaderboard["val_score"]
    assert (scores < 0).all()  # larger is better inside
    assert -1.5 < run.verdict.test_score < -0.8  # the noise has standard deviation 1
    fresh = values("fresh", 100, 5)
    assert np.corrcoef(run.predict(fresh).labels, fresh.labels)[0, 1] > 0.8


class Answers(Predictor):
    """Says ``known[id]``, and the first class for other rows; notes whether it was shown labels."""

    labels_shown: ClassVar[list[bool]] = []

    def __init__(self, known: dict[int, int]) -> None:
        self.known = known

    def predict(self, data: Dataset) -> Array:
        self.labels_shown.append(data.y is not None)
        return np.eye(2)[[self.known.get(int(row), 0) for row in data.inputs["id"]]]

    def state(self):
        return {}

    @classmethod
    def restore(cls, state):
        return cls({})


class Noting(Progress):
    """Knows the stage."""

    now = ""

    def stage(self, words):
        self.now = words

    def trial(self, record, best, arms, seconds_left):
        """Nothing."""

    def close(self):
        """Nothing."""


def memory(progress: Noting, seen: dict[str, set[int]]) -> object:
    """A plugin with a method that keeps every row and label that it was ever given, in any trial, and notes when."""
    known: dict[int, int] = {}

    @dataclass(frozen=True)
    class Memory(Method):
        name: ClassVar[str] = "memory"
        needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS
        uses: ClassVar[Asset] = Asset.TARGET_UNLABELED
        modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.TABLE})
        reference: ClassVar[str] = "none"
        predictor: ClassVar[type] = Answers

        def fit(self, task, source, ctx):
            parts = [part for part in (task.train, task.validation, task.unlabeled) if part is not None]
            for part in parts:
                seen.setdefault(progress.now, set()).update(part.inputs["id"].astype(int))
            known.update(zip(task.train.inputs["id"].astype(int), task.train.labels, strict=True))
            return Answers(known)

        @classmethod
        def suggest(cls, suggest):
            return cls()

    class Plugin:
        @hookimpl
        def transfer_methods(self):
            return [Memory]

    return Plugin()


def table(name: str, first: int, n: int, unlabeled: int = 0) -> RawData:
    """Rows with an ``id`` of their own; the label follows from ``a``."""
    rng = np.random.default_rng(first)
    frame = pd.DataFrame({"a": rng.normal(size=n), "id": np.arange(first, first + n, dtype=float)})
    labels = np.where(frame["a"] + rng.normal(size=n) > 0, "yes", "no").astype(object)
    labels[:unlabeled] = None
    return RawData(name, Modality.TABLE, frame, labels)


def test_confirm_and_test_rows_reach_no_method_before_the_decision(tmp_path):
    """A method that remembers all it was ever shown knows nothing of the rows that judge it."""
    target, source = table("target", 0, 2100, unlabeled=100), table("source", 10_000, 50)
    settings = Settings(methods=("memory",), trials=4, workers=0, out=tmp_path / "run")
    progress, seen = Noting(), {}
    Answers.labels_shown.clear()
    run = fit(target, [source], settings=settings, progress=progress, plugins=[memory(progress, seen)])

    problem = load_problem(target, [source], settings, load_catalogue(()).hook)
    split = make_split(problem.target.labels, classes=True, seed=settings.seed)
    confirm = set(problem.target.take(split.confirm).inputs["id"].astype(int))
    test = set(problem.test.inputs["id"].astype(int))
    unlabeled = set(range(100))
    assert len(confirm) == 320
    assert len(test) == 400
    assert set(seen) >= {"search", "guard"}
    validation = set(problem.target.take(split.folds[0].score).inputs["id"].astype(int))
    everything = set(range(2100))
    assert seen["search"] == everything - confirm - test - validation
    assert seen["guard"] == everything - confirm - test
    assert unlabeled <= seen["search"]
    assert all(ids <= everything - test for ids in seen.values())
    assert not any(Answers.labels_shown)

    assert run.verdict.decision is Decision.DO_NOT_TRANSFER
    assert run.verdict.gain.high < 0
    board = {record.choice.method: record.val_score for record in run.record.leaderboard}
    assert board["memory"] == pytest.approx(0.5, abs=0.1)
    assert len(np.load(tmp_path / "run" / "predictions" / "000000.npy")) == 320


def test_a_method_that_raises_fails_alone(tmp_path):
    """Status failed, the reason in one line, and the run ends well without it."""

    @dataclass(frozen=True)
    class Broken(Method):
        name: ClassVar[str] = "broken"
        needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS
        reference: ClassVar[str] = "none"
        predictor: ClassVar[type] = Answers

        def fit(self, task, source, ctx):
            raise RuntimeError("two\nlines")

        @classmethod
        def suggest(cls, suggest):
            return cls()

    told = []

    class Plugin:
        @hookimpl
        def transfer_methods(self):
            return [Broken]

        @hookimpl
        def trial_finished(self, record):
            told.append(record.number)

    run = run_on(tmp_path / "run", rows("s", 60, 1), plugins=[Plugin()], methods=("broken",), trials=6)
    failed = [record for record in run.record.leaderboard if record.choice.method == "broken"]
    assert failed
    assert {(record.status, record.error) for record in failed} == {(Status.FAILED, "RuntimeError: two lines")}
    assert run.record.trials_failed == len(failed)
    assert run.verdict.decision is Decision.DO_NOT_TRANSFER
    assert run.verdict.best_transfer is None
    assert sorted(told) == list(range(6))


def test_exclude_and_methods_leave_arms_out_with_the_reason(tmp_path):
    run = run_on(tmp_path / "run", rows("s", 60, 1), exclude=("pooled",), trials=6)
    assert set(run.leaderboard["method"]) == {"no_transfer", "source_only"}
    reasons = {skipped.method: skipped.reason for skipped in run.record.skipped}
    assert "--exclude" in reasons["pooled"]
    assert "--methods" in reasons["coral"]


def test_max_risk_leaves_risky_arms_out_with_the_number(tmp_path):
    """Predicted risks are above 0, so that at most 0 leaves the baseline alone."""
    run = run_on(tmp_path / "run", rows("flipped", 200, 1, flip=True), max_risk=0.0, trials=4)
    assert set(run.leaderboard["method"]) == {"no_transfer"}
    reasons = [skipped.reason for skipped in run.record.skipped if skipped.source == "flipped"]
    assert sum("--max-risk 0" in reason for reason in reasons) == len(METHODS)
    assert run.verdict.decision is Decision.DO_NOT_TRANSFER
    assert run.verdict.gain is None


def test_without_sources_there_is_a_model_and_no_transfer(tmp_path):
    run = run_on(tmp_path / "run", trials=3)
    assert run.verdict.decision is Decision.DO_NOT_TRANSFER
    assert run.verdict.best_transfer is None
    assert len(run.predict(rows("fresh", 5, 5)).labels) == 5


@pytest.fixture(scope="module")
def ended(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("ended") / "run"
    run_on(folder, rows("s", 60, 1), trials=4)
    return folder


def test_a_run_that_ended_can_go_on(ended):
    """Numbers go on where they ended; the old trials are part of the new answer."""
    before = {record.number: record for record in Run.load(ended).record.leaderboard}
    run = run_on(None, rows("s", 60, 1), resume=ended, trials=6)
    after = {record.number: record for record in run.record.leaderboard}
    assert sorted(after) == list(range(6))
    assert all(after[number].fold_scores == before[number].fold_scores for number in before)
    assert run.folder == ended


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seed": 1}, "--seed 0"),
        ({"metric": "roc_auc"}, "leave --metric out"),
        ({"storage": "sqlite:///:memory:"}, "leave --storage out"),
    ],
)
def test_a_run_is_not_resumed_with_settings_that_its_trials_do_not_share(ended, options, words):
    with pytest.raises(InputError, match=words):
        run_on(None, rows("s", 60, 1), resume=ended, **options)


def test_a_run_is_not_resumed_with_other_data(ended):
    with pytest.raises(InputError, match="sources differ"):
        run_on(None, rows("s", 61, 1), resume=ended)
    with pytest.raises(InputError, match="target differ"):
        run_on(None, rows("s", 60, 1), target=rows("target", 60, 9), resume=ended)


def test_resumed_with_more_methods_a_run_tries_them(ended):
    run = run_on(None, rows("s", 60, 1), resume=ended, trials=12, methods=(*METHODS, "weighted_pooling"))
    assert "weighted_pooling" in set(run.leaderboard["method"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"sampler": "psychic"}, "--sampler psychic"),
        ({"metric": "rmse"}, "--metric rmse"),
        ({"methods": ("poled",)}, "--methods poled"),
        ({"exclude": ("poled",)}, "--exclude poled"),
        ({"exclude": ("no_transfer", *METHODS)}, "no method can run"),
        ({"storage": "sqlite:////no/such/folder/x.db"}, "--storage"),
        ({"storage": "nonsense"}, "--storage"),
    ],
)
def test_unusable_settings_are_one_line(tmp_path, options, words):
    with pytest.raises(InputError, match=words) as caught:
        run_on(tmp_path / "run", rows("s", 60, 1), **options)
    assert len(str(caught.value).splitlines()) == 1


def test_a_folder_that_is_in_use_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("do not overwrite")
    with pytest.raises(InputError, match="not empty"):
        run_on(tmp_path, rows("s", 60, 1))
