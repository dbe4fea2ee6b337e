"""Alignment of first gradients."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_relatedness.gradient_alignment import GradientAlignment
from autotransfer_relatedness.rows import labeled_pair

from autotransfer.task import Context, Source, Task


def test_equals_automatic_differentiation(shifted: tuple[Task, Source]) -> None:
    """PyTorch's gradient of the mean cross-entropy at W = 0, intercepts at the log of the class shares."""
    pair = labeled_pair(*shifted, Context(seed=0), cap=5000, dims=512)
    gradients = []
    for X, y in ((pair.source, pair.source_y), (pair.target, pair.target_y)):
        W = torch.zeros((X.shape[1], 2), dtype=torch.float64, requires_grad=True)
        intercepts = torch.log(torch.tensor(np.bincount(y) / len(y)))
        torch.nn.functional.cross_entropy(torch.tensor(X) @ W + intercepts, torch.tensor(y)).backward()
        assert W.grad is not None
        gradients.append(W.grad.numpy().ravel())
    S, T = gradients
    expected = S @ T / (np.linalg.norm(S) * np.linalg.norm(T))
    assert GradientAlignment().estimate(*shifted, Context(seed=0)) == pytest.approx(expected, abs=1e-9)


def test_direction(related: tuple[Task, Source], reversed_concept: tuple[Task, Source]) -> None:
    """Along with the target for the same concept, against it for the reversed one."""
    assert GradientAlignment().estimate(*related, Context(seed=0)) > 0.9
    assert GradientAlignment().estimate(*reversed_concept, Context(seed=0)) < -0.9


def test_values(values) -> None:
    """The gradient of a half of the mean squared error is -cov(x, y): its sign is the slope's."""
    assert GradientAlignment().estimate(*values(1.0), Context(seed=0)) > 0.8
    assert GradientAlignment().estimate(*values(-1.0), Context(seed=0)) < -0.8


def test_the_same_rows_are_aligned(related: tuple[Task, Source]) -> None:
    """cos of a vector with itself, also where the columns are far from 0."""
    task, source = related
    same = Source("s", source.offers, task.train, task.classes)
    assert GradientAlignment().estimate(task, same, Context()) == pytest.approx(1.0)
