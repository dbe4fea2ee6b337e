"""The ways of the alignment step compute one thing, and their times are shown as parts of ours."""

from __future__ import annotations

import torch

from benchmarks.adapting.step_case import main, ways


def test_ours_and_the_reference_give_the_same_gradients() -> None:
    """What is timed is the same work: both are gradients of the unbiased estimate."""
    generator = torch.Generator().manual_seed(0)
    x, y = (torch.randn(40, 7, generator=generator, dtype=torch.float64) for _ in range(2))
    for mine, reference in zip(ways()["ours"](x, y), ways()["reference"](x, y), strict=True):
        torch.testing.assert_close(mine, reference, rtol=1e-10, atol=1e-14)


def test_the_biased_form_tends_to_the_same_gradients() -> None:
    """Biased and unbiased means of pairs differ by a factor n / (n - 1) within a sample: little for many rows."""
    generator = torch.Generator().manual_seed(0)
    x, y = (torch.randn(600, 7, generator=generator, dtype=torch.float64) for _ in range(2))
    for mine, biased in zip(ways()["ours"](x, y + 1), ways()["matrices"](x, y + 1), strict=True):
        assert torch.linalg.norm(mine - biased) < 0.02 * torch.linalg.norm(mine)


def test_times_are_shown_in_parts_of_ours() -> None:
    """Positive figures for both others."""
    threads = torch.get_num_threads()
    found = main({"n": 32, "d": 8, "seconds": 0.0, "threads": threads})
    assert set(found) == {"ours (ms)", "reference ×", "matrices ×"}
    assert all(value > 0 for value in found.values())
