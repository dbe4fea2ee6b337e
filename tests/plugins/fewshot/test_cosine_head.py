"""Cosine heads: Baseline++, its second stage alone, and the module."""

from __future__ import annotations

import numpy as np
import torch
from autotransfer_fewshot.baseline_plus_plus import BaselinePlusPlus
from autotransfer_fewshot.cosine_classifier import CosineClassifier
from autotransfer_fewshot.cosine_head import fitted_cosines
from autotransfer_fewshot.cosine_module import Cosines

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, Source, Task
from autotransfer.testing.toys import ToyEncoder


def test_scores_are_scaled_cosines() -> None:
    """s_j = scale * f(x) . w_j / (|f(x)| |w_j|), one by one: Chen et al., section 3.2."""
    module = Cosines(4, 3, 5.0).double()
    z = torch.randn(6, 4, dtype=torch.float64)
    w = module.weight.detach().numpy()
    expected = [[5.0 * row @ v / np.linalg.norm(row) / np.linalg.norm(v) for v in w] for row in z.numpy()]
    np.testing.assert_allclose(module(z).detach().numpy(), expected, rtol=1e-12)


def test_trained_weights_point_at_their_class() -> None:
    """With one row a class, cosines with the own row grow to be the largest by far."""
    Z = np.eye(3) + 0.1
    rows = Dataset("rows", Modality.FEATURES, Z, np.array([4, 0, 2]))
    found = fitted_cosines(Z, Task(rows, tuple("abcde")), 10.0, 1e-3, Context(0))
    assert found.labels.tolist() == [0, 2, 4]
    assert found.probabilities(Z).argmax(axis=1).tolist() == [4, 0, 2]
    assert found.probabilities(Z).max(axis=1).min() > 0.9


def test_length_says_nothing(problem) -> None:
    """Rows that are stretched are told alike, by all classifiers of this kind."""
    task, _, test = problem
    encoder = Source("encoder", Asset.PRETRAINED, encoder=ToyEncoder())
    model = CosineClassifier().fit(task, encoder, Context(0))
    np.testing.assert_allclose(model.predict(test), model.predict(test.with_inputs(7 * test.X)), atol=1e-9)


def test_the_second_stage_leaves_the_first_as_it_was(problem) -> None:
    task, source, test = problem
    method = BaselinePlusPlus(epochs=8, width=16)
    learned = method.learn(task, source, Context(0))
    before = {name: array.copy() for name, array in learned.arrays.items()}
    model = method.adapt(learned, task, Context(0))
    assert all(np.array_equal(before[name], array) for name, array in learned.arrays.items())
    assert np.mean(model.predict(test).argmax(axis=1) == test.labels) > 0.8
