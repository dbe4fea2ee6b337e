"""Checkpointing changes memory and time, no number."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from autotransfer.nets.recompute import blocks_of, recomputed


def network() -> nn.Sequential:
    torch.manual_seed(0)
    inner = nn.ModuleDict(
        {"layers": nn.Sequential(nn.Linear(5, 5), nn.BatchNorm1d(5), nn.Dropout(0.3), nn.Linear(5, 2))}
    )

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stem, self.parts = nn.Linear(3, 5), inner

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.parts["layers"](self.stem(x).tanh())

    return nn.Sequential(Net()).double().train()


@pytest.mark.parametrize("twice", [False, True])
def test_blocks_are_the_outermost_parts_of_lists(twice: bool) -> None:
    module = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2)))
    whole = nn.ModuleDict({"a": nn.ModuleList([module]) if twice else module})
    assert list(blocks_of(whole)) == ([module] if twice else [module[0], module[2]])


def test_gradients_statistics_and_masks_are_those_of_one_pass() -> None:
    """In double precision, to 1e-12: also the running statistics, which a second pass would move again."""
    x = torch.randn(16, 3, dtype=torch.float64)
    found = []
    for twice in (False, True):
        module = network()
        torch.manual_seed(1)
        if twice:
            with recomputed(module):
                module(x).square().sum().backward()
        else:
            module(x).square().sum().backward()
        buffers = [buffer.double().ravel() for buffer in module.buffers()]
        found.append(torch.cat([p.grad.ravel() for p in module.parameters()] + buffers))
    torch.testing.assert_close(found[0], found[1], rtol=0, atol=1e-12)


def test_afterwards_the_network_is_as_it_was() -> None:
    module = network()
    with recomputed(module):
        assert any("forward" in vars(part) for part in module.modules())
    assert not any("forward" in vars(part) for part in module.modules())


def test_less_is_kept_for_the_backward_pass() -> None:
    """What autograd saves for a deep stack: one input a block instead of two tensors a layer."""
    deep = nn.Sequential(*(nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh()) for _ in range(6)))
    sizes = []
    for twice in (False, True):
        saved: list[int] = []

        def note(tensor: torch.Tensor, saved: list[int] = saved) -> torch.Tensor:
            saved.append(tensor.numel())
            return tensor

        x = torch.randn(32, 8, requires_grad=True)
        with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
            if twice:
                with recomputed(nn.ModuleList([deep])):
                    deep(x)
            else:
                deep(x)
        sizes.append(sum(saved))
    assert sizes[1] < sizes[0] / 3
