"""The toy problem with unseen classes: told by nearness to descriptions, by no model of the labelled rows alone."""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier

from autotransfer.assets import Asset
from autotransfer.testing.unseen import unseen_classes


def test_test_rows_are_of_classes_that_no_training_row_has() -> None:
    problem = unseen_classes()
    assert not set(problem.test.labels) & set(problem.task.train.labels)
    assert problem.offers == Asset.TARGET_LABELS | Asset.CLASS_ATTRIBUTES | Asset.UNSEEN_CLASSES


def test_the_floor_is_above_chance_and_below_what_the_descriptions_allow() -> None:
    """A forest on the labelled rows is never right; the nearest described place (attributes 0 and 1 are class means) is
    more often than the floor asks, which lies above one half: two classes are unseen."""
    problem = unseen_classes()
    task, test, floor = problem.task, problem.test, problem.floor
    assert floor is not None
    assert task.class_attributes is not None
    forest = ExtraTreesClassifier(30, random_state=0).fit(task.train.X, task.train.labels)
    assert forest.score(test.X, test.labels) == 0.0
    distances = np.square(test.X[:, None, :2] - task.class_attributes[:, :2]).sum(axis=2)
    assert 0.55 < floor < np.mean(distances.argmin(axis=1) == test.labels)
