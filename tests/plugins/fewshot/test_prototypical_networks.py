"""The prototypical loss in NumPy, and what episodes teach."""

from __future__ import annotations

import numpy as np
import torch
from autotransfer_fewshot.prototypical_networks import PrototypicalNetworks, prototype_loss

from autotransfer.task import Context


def test_the_loss_is_that_of_equations_1_and_2() -> None:
    """c_k = mean of f(x) over the support rows of k; J = mean of d(f(x), c_k) + log sum_k' exp(-d(f(x), c_k'))."""
    rng = np.random.default_rng(0)
    ways, shots, queries = 4, 3, 2
    support, query = rng.normal(size=(ways, shots, 5)), rng.normal(size=(ways, queries, 5))
    prototypes = support.mean(axis=1)
    losses = []
    for k in range(ways):
        for x in query[k]:
            distances = [np.sum((x - c) ** 2) for c in prototypes]
            losses.append(distances[k] + np.log(np.sum(np.exp(-np.array(distances)))))
    y = torch.arange(ways).repeat_interleave(queries)
    found = prototype_loss(torch.from_numpy(support).view(-1, 5), torch.from_numpy(query).view(-1, 5), y)
    np.testing.assert_allclose(found.item(), np.mean(losses), rtol=1e-12)


def test_new_classes_are_told_by_the_nearest_mean_of_what_was_learned(problem) -> None:
    """The predictor's probabilities are the softmax of minus the squared distances in the learned representation."""
    task, source, test = problem
    method = PrototypicalNetworks(passes=2, width=8)
    learned = method.learn(task, source, Context(0))
    found = method.adapt(learned, task, Context(0)).predict(test)
    Z, T = learned.represent(task.train), learned.represent(test)
    means = np.stack([Z[task.train.labels == label].mean(axis=0) for label in range(5)])
    scores = -np.square(T[:, None] - means).sum(axis=2)
    expected = np.exp(scores - scores.max(axis=1, keepdims=True))
    np.testing.assert_allclose(found, expected / expected.sum(axis=1, keepdims=True), atol=1e-9)


def test_training_on_episodes_lowers_the_loss_of_new_ones(problem) -> None:
    """Six columns tell classes, thirty are noise: a trained network tells new classes better than an untrained one."""
    from dataclasses import replace

    task, source, test = problem
    rng = np.random.default_rng(5)

    def noisy(data):
        return data.with_inputs(np.concatenate([data.X, 2 * rng.normal(size=(len(data), 30))], axis=1))

    task, source, test = replace(task, train=noisy(task.train)), replace(source, data=noisy(source.rows)), noisy(test)
    scores = [
        np.mean(method.fit(task, source, Context(0)).predict(test).argmax(axis=1) == test.labels)
        for method in (PrototypicalNetworks(passes=1, rate=1e-9), PrototypicalNetworks(passes=60, rate=5e-3))
    ]
    assert scores[1] > scores[0] + 0.05
