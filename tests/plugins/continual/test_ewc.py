"""EWC's loss on a logistic model against NumPy, and what its weight does."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_continual.course import Scenario
from autotransfer_continual.ewc import Anchored
from autotransfer_continual.pupil import teach

from autotransfer.nets import Plan
from autotransfer.nets.batches import Batch


def test_the_loss_has_one_penalty_for_each_lesson(make_course, make_pupil) -> None:
    """weight / 2 * sum_i sum_k F_ik (theta_k - theta*_ik)², each F in its closed form: mean of p (1 - p) x²."""
    pupil = make_pupil(make_course(Scenario.DOMAIN, lessons=3))
    strategy, penalty, anchors = Anchored(pupil, 50.0), 0.0, []
    for index in range(2):
        teach(strategy, index, Plan(epochs=5, rate=0.1))
        X, theta = pupil.lesson.X.double().numpy(), pupil.vector().detach().double().numpy()
        scores = X @ theta[:12].reshape(3, 4).T + theta[12:]
        p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        spread = p * (1 - p)
        anchors.append((np.concatenate([(spread.T @ X**2).ravel(), spread.sum(axis=0)]) / len(X), theta))
    pupil.now = 2
    with torch.no_grad():
        pupil.network.heads[0].weight += 0.3
    here = pupil.vector().detach().double().numpy()
    penalty = 25.0 * sum(np.sum(F * (here - theta) ** 2) for F, theta in anchors)
    batch = Batch(((pupil.lesson.X, pupil.lesson.y),), 0, 0.0)
    plain = float(pupil.batch_loss(batch).detach())
    assert float(strategy.loss(batch).detach()) == pytest.approx(plain + penalty, rel=1e-4)


def test_a_large_weight_holds_what_mattered(make_course, make_pupil) -> None:
    """In units of the Fisher information the parameters move the less the larger the weight."""
    moved = []
    for weight in (0.0, 1e2, 1e6):
        torch.default_generator.manual_seed(1)
        pupil = make_pupil(make_course(Scenario.DOMAIN))
        strategy = Anchored(pupil, weight)
        for index in range(2):
            teach(strategy, index, Plan(epochs=30, rate=0.05))
        moved.append(float(strategy.anchors[0].penalty(pupil.vector()).detach()))
    assert moved[0] > 2 * moved[1] > 4 * moved[2]
