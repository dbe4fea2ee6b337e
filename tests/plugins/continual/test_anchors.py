"""The penalty of an anchor and its gradient."""

from __future__ import annotations

import torch
from autotransfer_continual.anchors import Anchor


def test_the_slope_is_the_gradient_of_the_penalty() -> None:
    """sum_k w_k (t_k - a_k)², and 2 w (t - a) by autograd."""
    place, importance = torch.tensor([1.0, -2.0, 0.5]), torch.tensor([3.0, 0.0, 2.0])
    here = torch.tensor([2.0, 5.0, 0.0], requires_grad=True)
    anchor = Anchor(place, importance)
    penalty = anchor.penalty(here)
    assert penalty.item() == 3.0 * 1.0 + 0.0 + 2.0 * 0.25
    (expected,) = torch.autograd.grad(penalty, here)
    torch.testing.assert_close(anchor.slope(here.detach()), expected)
