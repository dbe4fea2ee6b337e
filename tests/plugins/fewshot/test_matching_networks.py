"""The attention kernel in closed form."""

from __future__ import annotations

import numpy as np
import torch
from autotransfer_fewshot.matching_networks import MatchingNetworks, attention_loss

from autotransfer.task import Context


def attention(support: np.ndarray, y: np.ndarray, z: np.ndarray, scale: float) -> np.ndarray:
    """P(y | x) = sum_i a(x, x_i) y_i with a the softmax of cosines: Vinyals et al., equations 1 and 2."""
    cosines = np.array([z @ one / np.linalg.norm(z) / np.linalg.norm(one) for one in support])
    a = np.exp(scale * cosines) / np.sum(np.exp(scale * cosines))
    return np.array([a[y == label].sum() for label in range(int(y.max()) + 1)])


def test_the_loss_is_minus_the_logarithm_of_the_attention_on_the_own_class() -> None:
    rng = np.random.default_rng(0)
    support, query = rng.normal(size=(6, 4)), rng.normal(size=(3, 4))
    y, own = np.repeat(np.arange(3), 2), np.array([2, 0, 1])
    expected = np.mean([-np.log(attention(support, y, z, 5.0)[k]) for z, k in zip(query, own, strict=True)])
    found = attention_loss(torch.from_numpy(support), torch.from_numpy(query), torch.from_numpy(own), 5.0)
    np.testing.assert_allclose(found.item(), expected, rtol=1e-12)


def test_predictions_are_the_attention_over_the_labelled_rows(problem) -> None:
    task, source, test = problem
    method = MatchingNetworks(passes=1, width=4, scale=7.0)
    learned = method.learn(task, source, Context(0))
    found = method.adapt(learned, task, Context(0)).predict(test.take(np.arange(3)))
    Z, T = learned.represent(task.train), learned.represent(test.take(np.arange(3)))
    expected = [attention(Z, task.train.labels, z, 7.0) for z in T]
    np.testing.assert_allclose(found, expected, atol=1e-9)
