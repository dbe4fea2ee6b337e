"""The toy problems are what they say: small, frozen, equal every time, easy where they have a floor."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.testing.problems import ToyProblem, rotation_shift, toy_problems
from autotransfer.testing.render import SIDE
from autotransfer.testing.withhold import changes, fingerprint, only

EVERY = [problem for modality in Modality for problem in toy_problems(modality)]
IDS = [f"{problem.test.modality}-{problem.name}" for problem in EVERY]


def parts(problem: ToyProblem) -> list[Dataset]:
    task = problem.task
    found = [task.train, task.validation, task.unlabeled, problem.source.data, problem.test]
    return [part for part in found if part is not None]


@pytest.mark.parametrize("problem", EVERY, ids=IDS)
def test_rows_cannot_be_written_to(problem: ToyProblem) -> None:
    for part in parts(problem):
        assert part.y is None or not part.y.flags.writeable
        assert isinstance(part.inputs, pd.DataFrame) or not part.inputs.flags.writeable


@pytest.mark.parametrize("problem", EVERY, ids=IDS)
def test_offers_are_what_is_there(problem: ToyProblem) -> None:
    assert (Asset.TARGET_LABELS in problem.offers) == (len(problem.task.train) > 0)
    rows = problem.offers & (Asset.SOURCE_INPUTS | Asset.OTHER_COLUMNS)
    assert bool(rows) == (problem.source.data is not None)
    if problem.source.data is not None and problem.source.data.modality is Modality.FEATURES:
        same = problem.source.data.X.shape[1] == problem.test.X.shape[1]
        assert rows == (Asset.SOURCE_INPUTS if same else Asset.OTHER_COLUMNS)
    assert (Asset.PRETRAINED in problem.offers) == (problem.source.encoder is not None)
    assert (Asset.SOURCE_HEAD in problem.offers) == (problem.source.head is not None)
    if Asset.SHARED_LABELS in problem.offers:
        assert problem.source.classes == problem.task.classes


def test_draws_are_equal_every_time() -> None:
    first = [fingerprint(part) for part in parts(rotation_shift(Modality.FEATURES))]
    assert first == [fingerprint(part) for part in parts(rotation_shift(Modality.FEATURES))]


@pytest.mark.parametrize(
    "problem", [p for p in EVERY if p.floor is not None and not p.only_for], ids=lambda p: f"{p.test.modality}-{p.name}"
)
def test_the_floor_is_above_chance_and_below_what_a_forest_reaches(problem: ToyProblem) -> None:
    """max_c P(y = c) + 0.05 < floor < score of a standard model on target and source rows of the same space."""
    from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

    task, data = problem.task, problem.task.train
    if len(data) == 0:
        data = problem.source.rows
    X, test = _numbers(data), _numbers(problem.test)
    y = problem.test.labels
    assert problem.floor is not None
    if task.is_regression:
        model = ExtraTreesRegressor(30, random_state=0).fit(X, data.labels)
        assert 0.1 <= problem.floor < model.score(test, y)
    else:
        assert np.bincount(y).max() / len(y) + 0.05 < problem.floor
        assert problem.floor < ExtraTreesClassifier(30, random_state=0).fit(X, data.labels).score(test, y)


def _numbers(data: Dataset) -> np.ndarray:
    """A plain view of any rows as numbers."""
    if isinstance(data.inputs, pd.DataFrame):
        return np.asarray(data.inputs.drop(columns="sign"))
    if data.modality is Modality.TEXT:
        return np.array([[text.count(f"more{i}") - text.count(f"less{i}") for i in range(6)] for text in data.inputs])
    if data.modality is Modality.IMAGE:
        return data.inputs[:, :: SIDE // 6, 0, 0].astype(float)
    return data.X


@pytest.mark.parametrize("problem", EVERY, ids=IDS)
def test_what_is_not_needed_is_withheld(problem: ToyProblem) -> None:
    task, source = only(Asset.NONE, problem)
    assert source is None
    assert len(task.train) == 0
    assert task.unlabeled is task.validation is task.class_attributes is None
    task, source = only(Asset.SOURCE_INPUTS, problem)
    assert source is not None
    assert source.data is None or source.data.y is None
    assert source.offers in Asset.SOURCE_INPUTS


def test_withheld_label_names_are_other_names() -> None:
    _, source = only(Asset.SOURCE_LABELS, rotation_shift(Modality.FEATURES))
    assert source is not None
    assert not {"blue", "green", "red"} & set(source.classes or ())


@pytest.mark.parametrize("problem", EVERY, ids=IDS)
def test_changes_touch_the_one_asset(problem: ToyProblem) -> None:
    rows = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    if problem.source.data is not None:
        rows |= Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    for asset in problem.offers & rows:
        others = changes(asset, problem)
        assert others
        for other in others:
            before, after = (map(fingerprint, parts(p)) for p in (problem, other))
            assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
