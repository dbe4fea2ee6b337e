"""The loss of a mixture by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from autotransfer_finetuning.mixup import Mixup

from autotransfer.nets.batches import Batch
from autotransfer.testing.problems import ToyProblem
from autotransfer.tuning import Tuning


def test_it_is_the_mixed_loss_of_mixed_rows(problem: ToyProblem, begin: Callable[[ToyProblem], Tuning]) -> None:
    """The same draws, the formula written out; texts are mixed where they are vectors."""
    tuning, method = begin(problem), Mixup(augment="none", alpha=1.0)
    X, y = tuning.rows.X[:8], tuning.rows.y[:8]
    torch.manual_seed(5)
    found = method.loss(tuning)(Batch(((X, y),), 0, 0.0))
    torch.manual_seed(5)
    share, other = float(torch.distributions.Beta(1.0, 1.0).sample()), torch.randperm(8)
    network = tuning.network
    if tuning.rows.images:
        scores = network(share * X + (1 - share) * X[other]).scores
    else:
        z = network.backbone(X)
        scores = network.head(share * z + (1 - share) * z[other])
    told = torch.log_softmax(scores, dim=1)
    rows = torch.arange(8)
    expected = -(share * told[rows, y] + (1 - share) * told[rows, y[other]]).mean()
    assert float(found.detach()) == pytest.approx(float(expected.detach()), rel=1e-5)
