from __future__ import annotations

import torch

from autotransfer.pretrained.specs import ResNetSpec
from autotransfer.pretraining.objectives.classification import Classification, growing
from autotransfer.pretraining.supervised import Supervised


def test_crops_grow_from_a_half_to_three_quarters_in_steps_of_eight() -> None:
    edges = [growing(64, progress / 100) for progress in range(101)]
    assert edges == sorted(edges)
    assert (edges[0], edges[-1]) == (32, 48)
    assert {edge % 8 for edge in edges} == {0}
    assert growing(8, 0.0) == 8


def test_the_loss_of_a_head_that_knows_nothing_is_the_logarithm_of_the_classes() -> None:
    """A head of zeros gives every class the same probability, and label smoothing changes nothing then."""
    spec = ResNetSpec(16, (4, 8), (1, 1), 1)
    objective = Classification(spec.build(), spec, 5, Supervised())
    torch.nn.init.zeros_(objective.head.weight)
    torch.nn.init.zeros_(objective.head.bias)
    rows = torch.randint(0, 256, (6, 3, 16, 16), dtype=torch.uint8)
    loss = objective(rows, torch.tensor([0, 1, 2, 3, 4, 0]), 0.0)
    torch.testing.assert_close(loss, torch.tensor(5.0).log())
