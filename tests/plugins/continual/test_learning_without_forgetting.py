"""LwF's loss against NumPy, in each scenario."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_continual.course import Scenario
from autotransfer_continual.learning_without_forgetting import Recalling, distillation
from autotransfer_continual.pupil import teach

from autotransfer.nets import Plan
from autotransfer.nets.batches import Batch

SPANS = {Scenario.TASK: [(0, 3), (3, 6)], Scenario.CLASS: [(0, 6)], Scenario.DOMAIN: [(0, 3)]}
"""Outputs that are recalled together in the third lesson."""


def softmax(scores: np.ndarray) -> np.ndarray:
    weights = np.exp(scores)
    return weights / weights.sum(axis=1, keepdims=True)


def test_distillation_is_the_softened_cross_entropy() -> None:
    """-T² mean sum softmax(old / T) log softmax(new / T)."""
    new, old = torch.randn(6, 5, dtype=torch.float64), torch.randn(6, 5, dtype=torch.float64)
    q, p = (softmax(part.numpy()[:, 1:4] / 3.0) for part in (old, new))
    expected = -9.0 * np.mean(np.sum(q * np.log(p), axis=1))
    assert float(distillation(new, old, (1, 4), 3.0)) == pytest.approx(expected)


@pytest.mark.parametrize("scenario", SPANS)
def test_each_earlier_task_counts_once(make_course, make_pupil, scenario) -> None:
    """In the third lesson: the lesson's loss, and weight times the distillation of two tasks; of the same network at
    the lesson's start, which later updates do not change."""
    pupil = make_pupil(make_course(scenario, lessons=3))
    strategy = Recalling(pupil, 0.7, 2.0)
    for index in range(2):
        teach(strategy, index, Plan(epochs=3, rate=0.05))
    pupil.now = 2
    strategy.begin()
    X, y = pupil.lesson.X, pupil.lesson.y
    old = pupil.scores(X).detach().double().numpy()
    with torch.no_grad():
        pupil.network.heads[0].weight *= 1.5
    new = pupil.scores(X).detach().double().numpy()
    halves = [(softmax(old[:, a:b] / 2), softmax(new[:, a:b] / 2)) for a, b in SPANS[scenario]]
    terms = [-4 * np.mean(np.sum(q * np.log(p), axis=1)) for q, p in halves]
    batch = Batch(((X, y),), 0, 0.0)
    expected = float(pupil.batch_loss(batch).detach()) + 0.7 * 2 * np.mean(terms)
    assert float(strategy.loss(batch).detach()) == pytest.approx(expected, rel=1e-5)
