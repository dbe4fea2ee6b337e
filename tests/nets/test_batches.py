"""Minibatches: every row once before any comes again; pieces are the batch."""

from __future__ import annotations

import pytest
import torch

from autotransfer.nets.batches import Batch, Batches


@pytest.mark.parametrize("n", [7, 64, 100])
def test_no_row_comes_twice_before_all_came_once(n: int) -> None:
    """The first n rows drawn, and the next n, are permutations."""
    rows = torch.arange(n)
    batches = Batches([(rows, rows * 2)], 5, seed=0)
    drawn = [batches.draw(step, 0.0).parts[0] for step in range(2 * n)]
    x, y = (torch.cat([part[index] for part in drawn]) for index in (0, 1))
    torch.testing.assert_close(y, x * 2)
    for start in (0, n):
        torch.testing.assert_close(x[start : start + n].sort().values, rows)


def test_small_sets_give_all_their_rows_and_one_row_comes_twice() -> None:
    """Batch normalisation needs two rows."""
    batch = Batches([(torch.arange(50),), (torch.arange(3),), (torch.arange(1),)], 8, seed=0).draw(0, 0.0)
    assert [len(part[0]) for part in batch.parts] == [8, 3, 2]
    assert sorted(batch.parts[1][0].tolist()) == [0, 1, 2]


def test_equal_seeds_draw_equal_rows_whatever_the_global_generator_holds() -> None:
    drawn = []
    for seed in (3, 3, 4):
        torch.manual_seed(seed + len(drawn))
        drawn.append(Batches([(torch.arange(100),)], 20, seed=seed).draw(0, 0.0).parts[0][0])
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])


@pytest.mark.parametrize("count", [1, 2, 3, 50])
def test_pieces_are_the_batch_and_their_shares_sum_to_1(count: int) -> None:
    """Never more pieces than the smallest part has rows."""
    batch = Batch(((torch.arange(10),), (torch.arange(4),)), 3, 0.5)
    pieces = batch.pieces(count)
    assert len(pieces) == min(count, 4)
    assert sum(share for _, share in pieces) == pytest.approx(1.0)
    for index, part in enumerate(batch.parts):
        torch.testing.assert_close(torch.cat([piece.parts[index][0] for piece, _ in pieces]), part[0])
