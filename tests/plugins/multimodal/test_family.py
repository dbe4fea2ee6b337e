"""The whole form, from rows in memory to a saved model that names classes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from autotransfer_multimodal.linear_map import LinearMap

import autotransfer
from autotransfer.data import Modality
from autotransfer.demos.shapes import KINDS, shapes
from autotransfer.problem import RawData
from autotransfer.task import Context
from autotransfer.testing.problems import ToyProblem


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def classes(tmp_path: Path) -> str:
    path = tmp_path / "classes.csv"
    path.write_text("name\n" + "".join(f"{kind}\n" for kind in KINDS), "utf-8")
    return str(path)


def run(target: RawData, folder: Path, classes: str | None) -> autotransfer.Run:
    settings = autotransfer.Settings(methods=("linear_map",), classes=classes, trials=2, workers=0, out=folder / "run")
    return autotransfer.fit(target, [shapes("multimodal-pairs")], budget="60s", settings=settings)


def accuracy(run: autotransfer.Run) -> float:
    test = shapes("multimodal-test")
    found = autotransfer.load_run(run.folder).predict(RawData("test", Modality.IMAGE, test.inputs))
    return float(np.mean(found.labels == test.labels))


def test_few_labels(tmp_path: Path) -> None:
    """Four labelled pictures of each of six shapes; chance is one sixth."""
    run_of = run(shapes("multimodal"), tmp_path, None)
    assert set(run_of.leaderboard["method"]) == {"no_transfer", "linear_map"}
    assert accuracy(run_of) > 0.4


def test_no_label_and_nothing_but_names(tmp_path: Path, classes: str) -> None:
    """Rows that captions name judge the arms; the score is said to be an estimate."""
    pictures = RawData("pictures", Modality.IMAGE, shapes("multimodal").inputs)
    run_of = run(pictures, tmp_path, classes)
    assert run_of.verdict.estimated
    assert run_of.verdict.choice.method == "linear_map"
    assert accuracy(run_of) > 0.35


def test_a_class_without_a_label_is_named_by_captions(toy: ToyProblem) -> None:
    """Labelled rows of two classes of three, and of one: the head that they move leaves the others where their names
    put them, so that rows of the third are still told."""
    train = toy.task.train
    for known in (2, 1):
        task = replace(toy.task, train=train.take(train.labels < known))
        found = LinearMap(anchor=10.0).fit(task, toy.source, Context()).predict(toy.test)
        third = toy.test.labels == 2
        assert np.mean(found[third].argmax(axis=1) == 2) > 0.6
