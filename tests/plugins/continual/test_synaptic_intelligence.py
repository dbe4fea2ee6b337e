"""SI: the path integral against NumPy, its theorem, and the penalty that must not count as the task's loss."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from autotransfer_continual.course import Scenario
from autotransfer_continual.pupil import teach
from autotransfer_continual.synaptic_intelligence import Watching

from autotransfer.nets import Plan
from autotransfer.nets.batches import Batch


def slope(theta: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Gradient of the logistic loss for W (3, 4) and b (3,), flat."""
    scores = X @ theta[:12].reshape(3, 4).T + theta[12:]
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    due = (p - np.eye(3)[y]) / len(y)
    return np.concatenate([(due.T @ X).ravel(), due.sum(axis=0)])


def walk(strategy: Watching, steps: int, rate: float) -> list[np.ndarray]:
    """Gradient descent on the whole loss; the parameters before each step and after the last."""
    pupil = strategy.pupil
    batch, path = Batch(((pupil.lesson.X, pupil.lesson.y),), 0, 0.0), [pupil.vector().detach().double().numpy()]
    optimiser = torch.optim.SGD(pupil.parameters, lr=rate)
    strategy.begin()
    for _ in range(steps):
        optimiser.zero_grad()
        strategy.loss(batch).backward()
        optimiser.step()
        strategy.moved(0.0)
        path.append(pupil.vector().detach().double().numpy())
    return path


def test_importance_is_the_path_integral_over_the_squared_distance(make_course, make_pupil) -> None:
    """Two lessons by plain gradient descent: omega = sum over lessons of max(0, -sum g step / (distance² + damping)),
    with g the gradient of the lesson's own loss, although the second descends on loss and penalty."""
    pupil = make_pupil(make_course(Scenario.DOMAIN))
    strategy, omega = Watching(pupil, 2.0, 0.1), np.zeros(15)
    for index in range(2):
        pupil.now = index
        X, y = pupil.lesson.X.double().numpy(), pupil.lesson.y.numpy()
        path = walk(strategy, 7, 0.3)
        strategy.end()
        gathered = sum(-slope(a, X, y) * (b - a) for a, b in pairwise(path))
        omega = np.maximum(omega + gathered / ((path[-1] - path[0]) ** 2 + 0.1), 0)
        np.testing.assert_allclose(strategy.anchor.importance.numpy(), omega, rtol=1e-3, atol=1e-6)
    assert (omega > 0).any()


def test_what_all_parameters_gather_is_what_the_loss_lost(make_course, make_pupil) -> None:
    """For small steps sum_k w_k = L(start) - L(end): the line integral of the gradient."""
    pupil = make_pupil(make_course(Scenario.DOMAIN))
    strategy, batch = Watching(pupil, 1.0, 0.1), Batch(((pupil.lesson.X, pupil.lesson.y),), 0, 0.0)
    before = float(pupil.batch_loss(batch).detach())
    walk(strategy, 200, 0.005)
    assert float(strategy.gathered.sum()) == pytest.approx(before - float(pupil.batch_loss(batch).detach()), rel=0.01)


def test_the_shared_loop_tells_it_of_every_update(make_course, make_pupil) -> None:
    """After a lesson by ``teach`` there is importance, and the penalty at the anchor is 0."""
    pupil = make_pupil(make_course(Scenario.DOMAIN))
    strategy = Watching(pupil, 1.0, 0.1)
    teach(strategy, 0, Plan(epochs=5))
    assert float(strategy.anchor.importance.sum()) > 0
    assert float(strategy.anchor.penalty(pupil.vector()).detach()) == 0.0
