"""Seeds inside, nothing changed outside."""

from __future__ import annotations

import torch

from autotransfer.nets.seeding import reproducible


def test_numbers_repeat_inside_and_the_generator_outside_goes_on() -> None:
    torch.manual_seed(5)
    expected = torch.rand(2)
    torch.manual_seed(5)
    drawn = []
    for seed in (1, 1, 2):
        with reproducible(seed, "cpu"):
            drawn.append(torch.rand(3))
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])
    assert torch.equal(torch.rand(2), expected)
    assert not torch.cuda.is_initialized()
