"""DeepJDOT: the cost, and its optimal transport against all pairings and a linear programme."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
import torch
from autotransfer_adaptation.deep.deep_jdot import DeepJdot, joint_cost, optimal_assignment_cost
from autotransfer_adaptation.deep.source_network import SourceNetwork
from scipy.optimize import linprog

from autotransfer.task import Context


def test_the_cost_of_a_pair_is_distance_plus_loss() -> None:
    """alpha |z_i - z_j|^2 - weight log p_j(y_i), loops in double precision."""
    rng = np.random.default_rng(0)
    z, w, scores, y = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), rng.normal(size=(4, 2)), np.array([0, 1, 1, 0])
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    expected = [[0.3 * np.square(z[i] - w[j]).sum() - 2.0 * log_p[j, y[i]] for j in range(4)] for i in range(4)]
    tensors = (torch.tensor(z), torch.tensor(w)), torch.tensor(y), torch.tensor(scores)
    np.testing.assert_allclose(joint_cost(*tensors, 0.3, 2.0), expected)


def test_the_assignment_is_the_optimal_transport() -> None:
    """The least over all 120 pairings, and the optimum of the linear programme over plans with uniform margins."""
    cost = np.random.default_rng(1).uniform(size=(5, 5))
    found = float(optimal_assignment_cost(torch.tensor(cost)))
    assert found == pytest.approx(min(cost[range(5), order].mean() for order in permutations(range(5))))
    rows, columns = np.kron(np.eye(5), np.ones(5)), np.kron(np.ones(5), np.eye(5))
    plan = linprog(cost.ravel(), A_eq=np.concatenate([rows, columns]), b_eq=np.full(10, 0.2))
    assert found == pytest.approx(plan.fun)


def test_the_gradient_is_that_of_the_pairs() -> None:
    """1 / n for each pair of the plan, 0 elsewhere."""
    cost = torch.tensor([[0.0, 5.0], [5.0, 1.0]], requires_grad=True)
    optimal_assignment_cost(cost).backward()
    np.testing.assert_array_equal(cost.grad, [[0.5, 0.0], [0.0, 0.5]])


def test_it_follows_the_turned_moons(turned) -> None:
    task, source, test = turned()
    plain, found = (
        np.mean(m.fit(task, source, Context()).predict(test).argmax(1) == test.labels)
        for m in (SourceNetwork(epochs=40, rate=3e-3), DeepJdot(epochs=40, rate=3e-3, alpha=0.01, label_weight=1.0))
    )
    assert found > plain + 0.02
