"""A few-shot target from one end to the other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from autotransfer_fewshot import transfer_methods
from autotransfer_fewshot.baseline_plus_plus import BaselinePlusPlus

import autotransfer
from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.demos.strokes import strokes
from autotransfer.method import Method
from autotransfer.problem import RawData
from autotransfer.render.text import render_text
from autotransfer.report import make_report
from autotransfer.run import Run
from autotransfer.task import Context, Source, Task
from autotransfer.trial import Decision, Status

LABELED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS


def rows(name: str, classes: range, each: int, seed: int) -> RawData:
    """Classes apart in the first four of ten columns; the others are of no use, and wider."""
    means = np.random.default_rng(0).normal(size=(30, 4)) * 2
    rng = np.random.default_rng(seed)
    y = np.repeat(np.array(classes), each)
    X = np.concatenate([means[y] + 0.5 * rng.normal(size=(len(y), 4)), 5 * rng.normal(size=(len(y), 6))], axis=1)
    return RawData(name, Modality.FEATURES, X, np.array([f"class {label}" for label in y], dtype=object))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    target, source = rows("target", range(5), 1, 1), rows("source", range(5, 30), 8, 2)
    test = tmp_path_factory.mktemp("test") / "test.npz"
    asked = rows("test", range(5), 20, 3)
    np.savez(test, X=asked.inputs, y=asked.labels.astype(str))
    settings = autotransfer.Settings(
        methods=("prototypical_networks",),
        test=str(test),
        trials=3,
        workers=0,
        out=tmp_path_factory.mktemp("run") / "r",
    )
    return autotransfer.fit(target, [source], budget="5m", settings=settings)


def test_one_row_a_class_is_enough(run: Run) -> None:
    """The transfer is found on the source's other classes, and holds on the target's own."""
    verdict = run.verdict
    assert verdict.estimated
    assert verdict.validator is None
    assert verdict.decision is Decision.TRANSFER
    assert verdict.best_transfer.method == "prototypical_networks"
    assert verdict.test_score > verdict.baseline_test_score
    assert verdict.labels_needed is None
    assert verdict.gain.low > 0
    done = [trial for trial in run.record.leaderboard if trial.status is Status.COMPLETE]
    assert {trial.choice.method for trial in done} == {"no_transfer", "prototypical_networks"}
    assert run.record.risk["source"]["prototypical_networks"] < 0.05


def test_the_run_says_that_its_scores_are_estimates(run: Run) -> None:
    text = " ".join(render_text(make_report(run.record)).split())
    assert "too few labelled rows to score by: these are estimates, from classes of a source" in text
    assert "estimated accuracy" in text
    assert "scores are estimates on classes of a source, not on the target's" in text
    assert "classes of source that were held out" in run.verdict.reason
    assert any("60 tasks of its form with classes of source" in note for note in run.record.notes)
    assert (Path(run.folder) / "experience.jsonl").read_text() == ""  # estimates are no experience


LEARNERS = [method for method in transfer_methods() if Modality.IMAGE in method.modalities]


@pytest.mark.parametrize("method", LEARNERS, ids=lambda method: method.name)
def test_drawings_are_learned_from_as_they_are(method: type[Method]) -> None:
    """Raw images go through a convolutional network; its model is saved as plain data and says the same again."""
    target, source, asked = (strokes(f"fewshot{part}") for part in ("", "-source", "-test"))
    classes = sorted(set(target.labels))
    task = Task(drawn(target, classes), tuple(classes))
    names = sorted(set(source.labels))
    few = drawn(source, names).take(np.arange(0, 300, 3))
    model = short(method).fit(task, Source("source", LABELED, few, tuple(names)), Context(0))
    test = drawn(asked, classes).take(np.arange(0, 100, 10))
    found = model.predict(test)
    assert found.shape == (10, 5)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    np.testing.assert_allclose(method.predictor.restore(model.state()).predict(test), found, atol=1e-5)


def short(method: type[Method]) -> Method:
    """One pass through a narrow network."""
    passes = {"epochs": 1} if method is BaselinePlusPlus else {"passes": 1}
    return method(width=4, **passes)


def drawn(raw: RawData, classes: list[str]) -> Dataset:
    """With class numbers."""
    y = np.array([classes.index(label) for label in raw.labels])
    return Dataset(raw.name, Modality.IMAGE, raw.inputs, y)


def test_names_are_unique_and_the_first_need_no_network() -> None:
    methods = transfer_methods()
    assert len({method.name for method in methods}) == 8
    assert [method.libraries for method in methods[:2]] == [(), ()]
    assert all(method.is_transfer() for method in methods)
