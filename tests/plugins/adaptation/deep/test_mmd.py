"""The discrepancies of DAN and JAN against their definitions, in NumPy and double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from autotransfer_adaptation.deep.mmd import BANDWIDTHS, joint_mmd, mean_squared_distance, multi_kernel_mmd
from torch.utils._python_dispatch import TorchDispatchMode

Array = np.ndarray


def squared_distances(x: Array, y: Array) -> Array:
    return np.square(x[:, None, :] - y[None, :, :]).sum(axis=2)


def scale_of(x: Array, y: Array) -> float:
    rows = np.concatenate([x, y])
    return float(squared_distances(rows, rows).mean())


def unbiased(kernels: tuple[Array, Array, Array]) -> float:
    """Means of k(x, x') and k(y, y') without the diagonal, less twice the mean of k(x, y)."""
    xx, yy, xy = kernels
    within = sum((k.sum() - np.trace(k)) / (len(k) * (len(k) - 1)) for k in (xx, yy))
    return float(within - 2 * xy.mean())


def multi_kernel(x: Array, y: Array, scale: float) -> Array:
    return sum(np.exp(-squared_distances(x, y) / (factor * scale)) for factor in BANDWIDTHS)


@pytest.fixture
def samples() -> tuple[Array, Array]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(12, 4)), rng.normal(0.5, 2.0, size=(9, 4))


def test_the_multi_kernel_discrepancy_equals_its_definition(samples: tuple[Array, Array]) -> None:
    x, y = samples
    scale = scale_of(x, y)
    expected = unbiased(tuple(multi_kernel(a, b, scale) for a, b in ((x, x), (y, y), (x, y))))
    assert mean_squared_distance(torch.tensor(x), torch.tensor(y)) == pytest.approx(scale)
    assert float(multi_kernel_mmd(torch.tensor(x), torch.tensor(y))) == pytest.approx(expected, rel=1e-9)


def test_the_joint_discrepancy_has_the_product_of_both_kernels(samples: tuple[Array, Array]) -> None:
    """JMMD^2 with k((z, p), (z', p')) = (sum over b of exp(-|z - z'|^2 / b)) exp(-|p - p'|^2 / 1.68)."""
    x, y = samples
    rng = np.random.default_rng(1)
    p, q = rng.dirichlet(np.ones(3), 12), rng.dirichlet(np.ones(3), 9)
    scale = scale_of(x, y)

    def kernel(a: Array, b: Array, u: Array, v: Array) -> Array:
        return multi_kernel(a, b, scale) * np.exp(-squared_distances(u, v) / 1.68)

    expected = unbiased((kernel(x, x, p, p), kernel(y, y, q, q), kernel(x, y, p, q)))
    first, second = ((torch.tensor(z), torch.tensor(u)) for z, u in ((x, p), (y, q)))
    assert float(joint_mmd(first, second, 1.68)) == pytest.approx(expected, rel=1e-9)


def test_equal_distributions_give_about_0_and_a_gradient_step_brings_samples_together(
    samples: tuple[Array, Array],
) -> None:
    rng = np.random.default_rng(2)
    a, b = (torch.tensor(rng.normal(size=(400, 3))) for _ in range(2))
    assert abs(float(multi_kernel_mmd(a, b))) < 0.05
    x, y = (torch.tensor(sample, requires_grad=True) for sample in samples)
    before = multi_kernel_mmd(x, y)
    before.backward()
    with torch.no_grad():
        after = multi_kernel_mmd(x - 0.1 * x.grad, y - 0.1 * y.grad)
    assert float(after) < before.item()


def test_one_row_has_no_distribution() -> None:
    one, many = torch.zeros(1, 2), torch.ones(5, 2)
    assert float(multi_kernel_mmd(one, many)) == 0.0
    assert float(joint_mmd((one, one), (many, many), 1.0)) == 0.0


class Seen(TorchDispatchMode):
    """Notes the operators of this project that run."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func.namespace == "autotransfer":
            self.names.add(func.name())
        return func(*args, **(kwargs or {}))


def test_the_projects_own_operator_computes_it() -> None:
    """Forward and backward."""
    x, y = torch.randn(6, 3, requires_grad=True), torch.randn(5, 3)
    with Seen() as seen:
        multi_kernel_mmd(x, y).backward()
    assert any(name.startswith("autotransfer::mmd2") for name in seen.names)
