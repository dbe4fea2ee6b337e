"""Progressive columns: torch and NumPy say the same, and earlier columns get no gradient."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_continual.columns import Column, through
from autotransfer_continual.progressive_predictor import forward


@pytest.mark.parametrize("count", [1, 2, 4])
def test_numpy_says_what_torch_says(count: int) -> None:
    """The hidden layers' formula, written twice."""
    columns, X = [Column(5, 6, 2 + index, index) for index in range(count)], torch.randn(9, 5)
    arrays = [{name: part.detach().numpy() for name, part in column.state_dict().items()} for column in columns]
    hidden, scores = forward(arrays, X.double().numpy())
    assert hidden.shape == (9, 6)
    np.testing.assert_allclose(scores, through(columns, X).detach().numpy(), rtol=1e-4, atol=1e-5)


def test_the_last_column_alone_is_trained_and_sees_the_others() -> None:
    columns, X = [Column(5, 6, 3, index) for index in range(3)], torch.randn(9, 5)
    through(columns, X).square().sum().backward()
    assert all(part.grad is None for column in columns[:2] for part in column.parameters())
    assert float(columns[2].narrowing[0].weight.grad.abs().sum()) > 0
    before = through(columns, X).detach()
    with torch.no_grad():
        columns[0].own[0].weight += 1.0
    assert not torch.allclose(before, through(columns, X))
