"""The toy problem with several tasks can be learned, and not by guessing."""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor

from autotransfer.assets import Asset
from autotransfer.testing.laboratory import predictions, score
from autotransfer.testing.subtasks import many_tasks


def test_the_floor_is_above_chance_and_below_what_forests_reach():
    """Chance: the largest shares of classes, and 0 for R²."""
    problem = many_tasks()
    train, test, found = problem.task.train, problem.test, np.zeros((len(problem.test), 3))
    chance = []
    for number, task in enumerate(problem.task.tasks):
        here, there = train.task == number, test.task == number
        forest = (ExtraTreesClassifier if task.classes else ExtraTreesRegressor)(30, random_state=0)
        forest.fit(train.X[here], train.y[here])
        if task.classes:
            found[there, : task.n_outputs] = forest.predict_proba(test.X[there])
            chance.append(np.bincount(test.y[there].astype(int)).max() / there.sum())
        else:
            found[there, 0] = forest.predict(test.X[there])
            chance.append(0.0)
    reached = score(predictions(_Said(found), test, problem.task), test, problem.task)
    assert np.mean(chance) + 0.05 < problem.floor < reached


class _Said:
    """Predictions that are there already."""

    def __init__(self, found):
        self.found = found

    def predict(self, data):
        return self.found


def test_what_it_offers():
    problem = many_tasks()
    assert problem.offers == Asset.TARGET_LABELS | Asset.MANY_TARGETS
    assert problem.task.train.y[0] == 0.0
