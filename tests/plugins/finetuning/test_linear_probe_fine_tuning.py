"""Before the first step it is a linear probe on the encoder's features."""

from __future__ import annotations

import numpy as np
from autotransfer_finetuning.linear_probe_fine_tuning import LinearProbeFineTuning

from autotransfer.learners import Linear
from autotransfer.task import Context
from autotransfer.testing.problems import ToyProblem


def test_without_a_rate_it_predicts_as_the_linear_learner_on_frozen_features(problem: ToyProblem) -> None:
    task = problem.task
    fitted = problem.source.encoder.fit(task.train)
    X, Z = fitted.transform(task.train), fitted.transform(problem.test)
    expected = Linear().fit(X, task.train.labels, n_classes=3, seed=0).predict_features(Z)
    found = LinearProbeFineTuning(rate=0.0, epochs=1).fit(task, problem.source, Context()).predict(problem.test)
    np.testing.assert_allclose(found, expected, atol=5e-3)


def test_then_everything_moves(problem: ToyProblem) -> None:
    predictor = LinearProbeFineTuning(epochs=2).fit(problem.task, problem.source, Context())
    base = problem.source.encoder.build().state_dict()
    assert all(not np.array_equal(predictor.arrays[f"backbone.{name}"], base[name]) for name in base)
