"""Stacking on source models."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_baselines.no_transfer import NoTransfer
from autotransfer_baselines.stacking import Stacking

from autotransfer.assets import Asset
from autotransfer.learners import Linear
from autotransfer.task import Context


@pytest.mark.parametrize("keep", [True, False])
def test_equals_stacking_by_hand(keep, toy):
    """Two classes: one log odds for each source; values: one prediction, in units of the source's spread."""
    for k in (2, 0):
        problem = toy(k)
        rows, train = problem.source.rows, problem.task.train
        y = rows.labels if k else (rows.labels - rows.labels.mean()) / rows.labels.std()
        models = [Linear().fit(rows.X[rows.domain == j], y[rows.domain == j], n_classes=k) for j in (0, 1)]

        def seen(X, models=models, k=k):
            said = [model.predict_features(X) for model in models]
            scores = [np.log(p[:, 1] / p[:, 0]) if k else p for p in said]
            return np.column_stack([X, *scores] if keep else scores)

        top = Linear().fit(seen(train.X), train.labels, n_classes=k)
        fitted = Stacking(keep_features=keep).fit(problem.task, problem.source, Context())
        expected = top.predict_features(seen(problem.test.X))
        np.testing.assert_allclose(fitted.predict(problem.test), expected, atol=2e-3)


def test_a_source_with_other_classes_helps(toy):
    """Its classes are a finer cut of the score that the target's two classes cut once."""
    problem = toy(2, n=8)
    rows = problem.source.rows
    labels = 2 * rows.labels + (np.arange(200) % 2)
    source = replace(
        problem.source,
        offers=Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS,
        data=replace(rows, y=labels),
        classes=("p", "q", "r", "s"),
    )
    alone = problem.score(NoTransfer().fit(problem.task, None, Context()))
    stacked = problem.score(Stacking(keep_features=False).fit(problem.task, source, Context()))
    assert stacked > alone


def test_values_help_classes(toy):
    """A source with values in any unit serves a target with classes."""
    problem = toy(2, n=8)
    rows = problem.source.rows
    source = replace(problem.source, data=replace(rows, y=1e6 * rows.labels.astype(float)), classes=None)
    assert problem.score(Stacking().fit(problem.task, source, Context())) > 0.75
