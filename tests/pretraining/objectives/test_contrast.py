from __future__ import annotations

import numpy as np
import pytest
import torch

from autotransfer.pretrained.specs import ResNetSpec
from autotransfer.pretraining.objectives.contrast import Contrast, nt_xent
from autotransfer.pretraining.simclr import Contrastive


def by_hand(one: np.ndarray, other: np.ndarray, temperature: float) -> float:
    """Equation 1 of the paper, term by term: the mean of l(i, j) and l(j, i) over all pairs."""
    z = np.concatenate([one, other])
    z /= np.linalg.norm(z, axis=1, keepdims=True)
    n = len(one)

    def term(i: int, j: int) -> float:
        others = sum(np.exp(z[i] @ z[k] / temperature) for k in range(2 * n) if k != i)
        return -np.log(np.exp(z[i] @ z[j] / temperature) / others)

    return float(np.mean([term(i, (i + n) % (2 * n)) for i in range(2 * n)]))


@pytest.mark.parametrize("temperature", [0.1, 0.5, 2.0])
def test_it_is_the_papers_formula(temperature: float) -> None:
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(2, 6, 4))
    found = nt_xent(torch.tensor(one), torch.tensor(other), temperature)
    np.testing.assert_allclose(float(found), by_hand(one, other, temperature), rtol=1e-10)


def test_it_is_smallest_for_equal_views_and_does_not_see_lengths() -> None:
    rng = torch.Generator().manual_seed(0)
    one, other = torch.randn(2, 8, 16, generator=rng)
    assert nt_xent(one, one, 0.5) < nt_xent(one, other, 0.5)
    torch.testing.assert_close(nt_xent(one * 3, other * 7, 0.5), nt_xent(one, other, 0.5))


def test_labels_are_not_looked_at() -> None:
    spec = ResNetSpec(16, (4, 8), (1, 1), 1)
    objective = Contrast(spec.build(), spec, Contrastive())
    rows = torch.randint(0, 256, (4, 3, 16, 16), dtype=torch.uint8)
    losses = []
    for labels in (torch.zeros(4, dtype=torch.int64), torch.full((4,), -1)):
        torch.manual_seed(1)
        losses.append(objective(rows, labels, 0.0))
    torch.testing.assert_close(losses[0], losses[1])
