"""Cross-stitch networks: layers side by side, and their form without torch."""

from __future__ import annotations

import numpy as np
import torch
from autotransfer_multitask.columns import Columns
from autotransfer_multitask.cross_stitch import CrossStitch, Stitched
from autotransfer_multitask.rows import Scales

from autotransfer.data import Dataset, Modality
from autotransfer.nets import FeatureForm
from autotransfer.task import Context
from autotransfer.testing.subtasks import many_tasks


def columns(keep: float) -> Columns:
    torch.manual_seed(0)
    return Columns(3, (4, 5, 2), keep)


def test_without_sharing_each_column_is_a_network_of_its_own(rng):
    """relu(relu(x W0 + b0) W1 + b1) W2 + b2 with the weights of the row's task."""
    net, X, task = columns(1.0), rng.normal(size=(9, 4)).astype(np.float32), np.arange(9) % 3
    arrays = net.arrays()
    expected = []
    for row, k in zip(X, task, strict=True):
        x = row
        for layer in "01":
            x = np.maximum(x @ arrays[f"weight{layer}"][k] + arrays[f"bias{layer}"][k], 0)
        expected.append(x @ arrays["weight2"][k] + arrays["bias2"][k])
    found = net(torch.from_numpy(X), torch.from_numpy(task)).detach().numpy()
    assert np.allclose(found, expected, atol=1e-5)


def test_stitches_begin_with_what_is_kept():
    stitch = columns(0.8).arrays()["stitch0"]
    assert np.allclose(np.diag(stitch), 0.8)
    assert np.allclose(stitch.sum(axis=1), 1.0)


def test_the_predictor_says_what_the_network_says(rng):
    net, X, task = columns(0.6), rng.normal(size=(6, 4)).astype(np.float32), np.arange(6) % 3
    scales = Scales(np.array([2, 2, 0]), np.array([0.0, 0.0, 5.0]), np.array([1.0, 1.0, 2.0]))
    predictor = Stitched(FeatureForm(np.zeros(4, np.float32), 1.0), net.arrays(), scales)
    scores = net(torch.from_numpy(X), torch.from_numpy(task)).detach().numpy().astype(float)
    said = predictor.predict(Dataset("rows", Modality.FEATURES, X, task=task))
    assert np.allclose(said[task == 2, 0], 5 + 2 * scores[task == 2, 0], atol=1e-5)
    shares = np.exp(scores[task < 2])
    assert np.allclose(said[task < 2], shares / shares.sum(axis=1, keepdims=True), atol=1e-5)


def test_stitches_are_learned():
    problem = many_tasks()
    trained = CrossStitch(epochs=10).fit(problem.task, None, Context())
    assert np.abs(trained.arrays["stitch0"] - np.full((3, 3), 0.1) - 0.7 * np.eye(3)).max() > 1e-3
