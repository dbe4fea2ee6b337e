"""Against NumPy's singular values."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_finetuning.bss import smallest


@pytest.mark.parametrize("shape", [(6, 10), (10, 6), (5, 5), (1, 4)])
@pytest.mark.parametrize("k", [1, 3])
def test_it_is_the_sum_of_the_smallest_squared_singular_values(shape: tuple[int, int], k: int) -> None:
    z = torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    values = np.linalg.svd(z.numpy(), compute_uv=False)[::-1]
    assert float(smallest(z, k)) == pytest.approx(float(np.square(values[:k]).sum()), rel=1e-9)


def test_its_gradient_is_right_and_finite_for_equal_rows() -> None:
    """Equal rows have many singular values of 0, where those of a decomposition have no gradient."""
    z = torch.randn(4, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(1), requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: smallest(x, 2), z)
    same = torch.ones(4, 6, requires_grad=True)
    smallest(same, 2).backward()
    assert torch.isfinite(same.grad).all()
