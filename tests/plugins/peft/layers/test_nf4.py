"""NormalFloat: its code book, its error, its size."""

from __future__ import annotations

import pytest
import torch
from autotransfer_peft.layers.nf4 import BLOCK, OFFSET, Nf4, code_book, nearest
from scipy.stats import norm

PUBLISHED = [
    *(-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635),
    *(-0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725),
    *(0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0),
]
"""Appendix E of the paper."""


def test_the_code_book_is_the_published_one() -> None:
    torch.testing.assert_close(code_book(), torch.tensor(PUBLISHED), atol=2e-6, rtol=0)


def test_the_code_book_follows_from_the_normal_quantiles() -> None:
    """Its values times the largest quantile have probabilities that are evenly spaced on each side of 1/2."""
    chances = norm.cdf(code_book().double().numpy() * norm.ppf(OFFSET))
    for side, steps in ((chances[chances > 0.5], 8), (1 - chances[chances < 0.5], 7)):
        spacing = torch.tensor(sorted([0.5, *side])).diff()
        torch.testing.assert_close(spacing, torch.full((steps,), (OFFSET - 0.5) / steps).double(), atol=1e-6, rtol=0)


def test_nearest_is_nearest() -> None:
    """Against all 16 distances."""
    values = torch.linspace(-1, 1, 1001)
    distances = (values[:, None] - code_book()).abs()
    chosen = distances.gather(1, nearest(values).long()[:, None])[:, 0]
    torch.testing.assert_close(chosen, distances.amin(dim=1), atol=1e-7, rtol=0)


@pytest.mark.parametrize("shape", [(64, 64), (3, 5), (200, 300)])
def test_an_error_is_at_most_half_a_step(shape: tuple[int, int]) -> None:
    """|w - w'| <= (half of the widest step + what a float8 rounds) · the largest of its block."""
    torch.manual_seed(0)
    weight = torch.randn(shape) * torch.rand(shape[0], 1)
    found = Nf4(weight)
    error = torch.nn.functional.pad((found.values() - weight).abs().flatten(), (0, -weight.numel() % BLOCK))
    blocks = torch.nn.functional.pad(weight.abs().flatten(), (0, -weight.numel() % BLOCK)).view(-1, BLOCK)
    widest = float(code_book().diff().max()) / 2
    scales = blocks.amax(dim=1)
    rounding = 2.0**-4 * (scales - scales.mean()).abs().max()
    assert bool((error.view(-1, BLOCK).amax(dim=1) <= widest * scales + rounding + 1e-6).all())


def test_takes_a_seventh_of_the_memory() -> None:
    """4 bits a weight, 8 a block of 64, 32 a block of 64 · 256: 4.127 bits, measured by the bytes of all buffers."""
    found = Nf4(torch.randn(1024, 1024))
    bits = 8 * found.nbytes / 2**20
    assert bits == pytest.approx(4 + 8 / 64 + 32 / (64 * 256), abs=1e-3)
    assert [buffer.dtype for buffer in found.buffers() if buffer.numel() > 2**17] == [torch.uint8]
    assert list(found.parameters()) == []


@pytest.mark.parametrize("weight", [torch.zeros(4, 8), torch.full((2, 3), 1e30), torch.full((1, 1), -1e-30)])
def test_odd_weights_stay_as_they_are(weight: torch.Tensor) -> None:
    """Zeros, large and tiny constants: one scale, which is exact."""
    torch.testing.assert_close(Nf4(weight).values(), weight, rtol=1e-6, atol=0)


def test_is_the_same_each_time() -> None:
    weight = torch.randn(50, 50)
    assert torch.equal(Nf4(weight).values(), Nf4(weight.clone()).values())
