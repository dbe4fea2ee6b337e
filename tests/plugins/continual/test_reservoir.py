"""A reservoir holds each row with the same probability."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_continual.reservoir import Reservoir


@pytest.mark.parametrize("batch", [7, 64])
def test_every_row_has_the_same_chance(batch: int) -> None:
    """1,000 reservoirs of 10 out of 100 rows: each row is in a tenth of them. The sum of squared deviations over the
    variance of a binomial is about chi squared with 99 degrees of freedom, whose 1 - 1e-6 quantile is 176."""
    runs, counts, rows = 1000, np.zeros(100), torch.arange(100)
    for _ in range(runs):
        memory = Reservoir(10)
        for part in torch.split(rows, batch):
            memory.offer((part,))
        (kept,) = memory.draw(10)
        assert len(set(kept.tolist())) == 10
        counts[kept.numpy()] += 1
    assert np.sum((counts - runs * 0.1) ** 2) / (runs * 0.1 * 0.9) < 176


def test_it_keeps_all_while_there_is_room_and_rows_stay_together() -> None:
    memory, X = Reservoir(8), torch.arange(5.0)
    memory.offer((X, 10 * X))
    assert len(memory) == 5
    a, b = memory.draw(99)
    assert sorted(a.tolist()) == X.tolist()
    torch.testing.assert_close(b, 10 * a)


def test_what_is_kept_has_no_gradient_and_is_a_copy() -> None:
    memory, X = Reservoir(4), torch.randn(4, 2, requires_grad=True)
    memory.offer((X * 1,))
    (kept,) = memory.draw(4)
    assert not kept.requires_grad
