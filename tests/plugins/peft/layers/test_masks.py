"""Masks for rows with more places in front."""

from __future__ import annotations

import pytest
import torch
from autotransfer_peft.layers.masks import longer
from torch.nn.functional import scaled_dot_product_attention


def test_none_stays_none() -> None:
    assert longer(None, 3, queries=True) is None


@pytest.mark.parametrize("queries", [1, 4])
@pytest.mark.parametrize("kind", [torch.bool, torch.float32])
def test_attention_is_that_of_the_longer_row(queries: int, kind: torch.dtype) -> None:
    """With keys that nobody may look at left out by hand, attention to 2 + 4 places gives the same."""
    torch.manual_seed(0)
    seen = torch.tensor([True, True, False, True])
    mask = seen.view(1, 1, 1, 4).expand(1, 1, queries, 4)
    mask = mask if kind == torch.bool else torch.zeros(mask.shape).masked_fill(~mask, -torch.inf)
    q, k, v = torch.randn(3, 1, 2, 6, 8)
    rows = 6 if queries > 1 else 1
    wide = longer(mask, 2, queries=True)
    assert wide.shape == (1, 1, rows, 6)
    kept = torch.tensor([0, 1, 2, 3, 5])
    expected = scaled_dot_product_attention(q, k[:, :, kept], v[:, :, kept])
    torch.testing.assert_close(scaled_dot_product_attention(q, k, v, attn_mask=wide), expected)


def test_flat_masks_get_true_in_front() -> None:
    mask = torch.tensor([[True, False], [False, True]])
    assert longer(mask, 1, queries=True).tolist() == [[True, True, False], [True, False, True]]


def test_queries_stay_where_only_keys_grow() -> None:
    assert longer(torch.ones(1, 1, 3, 3, dtype=torch.bool), 2, queries=False).shape == (1, 1, 3, 5)
