"""The Q-Former: what sees what, and what its losses are."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_multimodal.loss import info_nce
from autotransfer_multimodal.qformer.layers import CrossAttention, QFormerLayer
from autotransfer_multimodal.qformer.losses import contrast_and_match, hard_negatives, matching
from autotransfer_multimodal.qformer.network import QFormerNetwork, nearest
from autotransfer_multimodal.qformer.spec import QFormerSpec
from torch.nn.functional import cross_entropy

from autotransfer.errors import InputError


@pytest.fixture
def network() -> QFormerNetwork:
    torch.manual_seed(0)
    return QFormerSpec(channels=6, width=16, depth=2, queries=3, columns=5, tokens=20).build().eval()


@pytest.fixture
def pairs() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randint(4, 20, (7, 6), generator=generator)
    tokens[:, 0] = 3
    tokens[::2, 4:] = 0
    return torch.randn(7, 9, 6, generator=generator), tokens


def test_forms(network, pairs) -> None:
    grid, tokens = pairs
    with torch.no_grad():
        seen, said = network.images(grid), network.texts(tokens)
        assert seen.shape == (7, 3, 5)
        torch.testing.assert_close(seen.norm(dim=2), torch.ones(7, 3))
        torch.testing.assert_close(said.norm(dim=1), torch.ones(7))
        assert network.matches(grid, tokens).shape == (7, 2)


def test_cross_attention_is_a_mean_of_values_when_all_keys_are_alike() -> None:
    """Equal places: whatever is asked, the answer is proj(value), and their order does not matter."""
    torch.manual_seed(0)
    cross = CrossAttention(16, 6)
    x, place = torch.randn(2, 3, 16), torch.randn(2, 1, 6)
    value = cross.key_value(place)[..., 16:]
    torch.testing.assert_close(cross(x, place.expand(-1, 5, -1)), cross.proj(value).expand(-1, 3, -1))
    grid = torch.randn(2, 5, 6)
    torch.testing.assert_close(cross(x, grid), cross(x, grid.flip(1)))


def test_contrast_keeps_images_and_texts_apart_and_matching_does_not(network, pairs) -> None:
    """The representation of an image does not know the texts beside it; padding changes no text; the match does depend
    on the text."""
    grid, tokens = pairs
    with torch.no_grad():
        longer = torch.cat([tokens, torch.zeros(7, 4, dtype=torch.int64)], dim=1)
        torch.testing.assert_close(network.texts(longer), network.texts(tokens))
        torch.testing.assert_close(network.matches(grid, longer), network.matches(grid, tokens))
        assert (network.matches(grid, tokens) - network.matches(grid, tokens.roll(1, 0))).abs().max() > 1e-4


def test_similarity_is_that_of_the_best_query(network, pairs) -> None:
    grid, tokens = pairs
    with torch.no_grad():
        seen, said = network.images(grid), network.texts(tokens)
        expected = torch.stack([(seen @ text).max(dim=1).values for text in said], dim=1)
        torch.testing.assert_close(nearest(seen, said), expected)


def test_wrong_partners_are_never_right(network) -> None:
    """And come in proportion to softmax: a row whose mass lies on one wrong column draws that column."""
    torch.manual_seed(0)
    similarities = 50 * torch.eye(5) + 20 * torch.eye(5).roll(1, dims=1)
    for _ in range(20):
        assert (hard_negatives(torch.zeros(5, 5)) != torch.arange(5)).all()
        drawn = hard_negatives(similarities - 100 * torch.eye(5))
        assert drawn.tolist() == [1, 2, 3, 4, 0]


def test_the_loss_is_contrast_plus_matching(network, pairs) -> None:
    grid, tokens = pairs
    with torch.no_grad():
        similarities = network.factor * nearest(network.images(grid), network.texts(tokens))
        torch.manual_seed(1)
        match = matching(network, grid, tokens, similarities)
        torch.manual_seed(1)
        assert float(contrast_and_match(network, grid, tokens)) == pytest.approx(float(info_nce(similarities) + match))
        torch.manual_seed(1)
        texts, images = hard_negatives(similarities), hard_negatives(similarities.T)
        found = [
            network.matches(grid, tokens),
            network.matches(grid, tokens[texts]),
            network.matches(grid[images], tokens),
        ]
        truth = torch.tensor([1] * 7 + [0] * 14)
        assert float(match) == pytest.approx(float(cross_entropy(torch.cat(found), truth)), rel=1e-5)


def test_a_single_pair_has_no_wrong_partner(network, pairs) -> None:
    grid, tokens = pairs
    assert float(contrast_and_match(network, grid[:1], tokens[:1]).detach()) == pytest.approx(0.0, abs=1e-6)


def test_gradients_are_right() -> None:
    """Of a layer, in double precision, against differences: by queries, tokens and grid."""
    torch.manual_seed(0)
    layer = QFormerLayer(8, 3, texts=True).double()
    x, grid = torch.randn(1, 4, 8, dtype=torch.float64), torch.randn(1, 2, 3, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda a, b: layer(a, b, None, 2), (x.requires_grad_(), grid.requires_grad_()))


@pytest.mark.parametrize("sizes", [{"channels": 0}, {"channels": 4, "queries": 10**9}, {"channels": 4, "width": "x"}])
def test_absurd_sizes_are_refused(sizes) -> None:
    with pytest.raises(InputError, match="whole numbers from 1 to"):
        QFormerSpec(**sizes)


def test_without_texts_there_is_no_text_side(network) -> None:
    seeing = QFormerSpec(channels=6, width=16, depth=2, queries=3, columns=5).build()
    names = set(seeing.state_dict())
    assert names < set(network.state_dict())
    assert not any("text" in name or "tokens" in name or "match" in name for name in names)
    assert np.isfinite(seeing.images(torch.randn(2, 4, 6)).detach().numpy()).all()
