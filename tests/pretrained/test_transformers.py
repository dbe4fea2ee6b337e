"""The zoo's transformers, for images and for texts."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from autotransfer.config import from_json, to_json
from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.nets.seeding import reproducible
from autotransfer.pretrained.entry import load_entry, save_entry
from autotransfer.pretrained.modules.text import TextTransformer
from autotransfer.pretrained.modules.transformer import Attention, grid_positions, waves
from autotransfer.pretrained.modules.vit import Vit
from autotransfer.pretrained.network import PretrainedNetwork
from autotransfer.pretrained.specs import TextSpec, VitSpec
from autotransfer.pretrained.zoo_encoder import ZooImages, ZooTexts
from autotransfer.testing import check_encoder

VIT = VitSpec(size=16, patch=4, width=12, depth=2, heads=3)
TEXT = TextSpec(("the", "cat", "##s", "t", "h", "e"), size=8, width=12, depth=2, heads=3)


def random_network(spec: VitSpec | TextSpec) -> PretrainedNetwork:
    with reproducible(0, "cpu"):
        arrays = {name: tensor.numpy() for name, tensor in spec.build().state_dict().items()}
    return PretrainedNetwork(spec, {name: array.astype(np.float16) for name, array in arrays.items()})


def test_attention_is_the_papers_formula() -> None:
    """softmax(q k' / sqrt(d)) v in each head, by hand, with and without tokens that must not be looked at."""
    torch.manual_seed(0)
    attention, x = Attention(8, 2), torch.randn(3, 5, 8)
    mask = torch.ones(3, 5, dtype=torch.bool)
    mask[1, 3:] = False
    for seen in (None, mask):
        parts = []
        q, k, v = (part.view(3, 5, 2, 4) for part in attention.qkv(x).chunk(3, dim=2))
        for head in range(2):
            scores = q[:, :, head] @ k[:, :, head].transpose(1, 2) / 2.0
            if seen is not None:
                scores = scores.masked_fill(~seen[:, None, :], -torch.inf)
            parts.append(scores.softmax(dim=2) @ v[:, :, head])
        torch.testing.assert_close(attention(x, seen), attention.proj(torch.cat(parts, dim=2)))


def test_positions_differ_and_are_bounded() -> None:
    grid = grid_positions(4, 5, 12, torch.device("cpu"))
    assert grid.shape == (20, 12)
    assert grid.abs().max() <= 1
    assert torch.cdist(grid, grid).fill_diagonal_(9).min() > 0.1
    assert waves(torch.arange(3), 6)[0].tolist() == [0, 0, 0, 1, 1, 1]


def test_a_vit_takes_other_sizes_of_whole_patches() -> None:
    network = Vit(VIT)
    assert network(torch.zeros(2, 3, 24, 8)).shape == (2, 12)


def test_padding_changes_nothing() -> None:
    """Features of a text alone and beside a longer one are equal."""
    network = TextTransformer(TEXT).eval()
    alone = torch.from_numpy(TEXT.rows(Dataset("t", Modality.TEXT, np.array(["the cats"], object))))
    both = torch.from_numpy(TEXT.rows(Dataset("t", Modality.TEXT, np.array(["the cats", "the the the cats"], object))))
    with torch.no_grad():
        torch.testing.assert_close(network(alone)[0], network(both)[0])


@pytest.mark.parametrize(("spec", "kind"), [(VIT, ZooImages), (TEXT, ZooTexts)], ids=["vit", "text"])
def test_saved_entries_keep_the_promises_of_encoders(spec, kind, tmp_path) -> None:
    save_entry(tmp_path / "net", {"name": "net"}, random_network(spec))
    entry = load_entry(tmp_path / "net")
    assert entry.network.spec == spec
    check_encoder(kind(str(tmp_path / "net"), entry.digest))


@pytest.mark.parametrize("spec", [VIT, TEXT], ids=["vit", "text"])
def test_every_parameter_is_in_one_block(spec) -> None:
    module = spec.build()
    blocks = module.blocks()
    assert len(blocks) == spec.depth + 2
    assert sorted(name for block in blocks for name in block) == sorted(name for name, _ in module.named_parameters())


@pytest.mark.parametrize("bad", [{"size": 18}, {"width": 10}, {"heads": 5}, {"depth": 0}], ids=str)
def test_sizes_that_do_not_go_together_are_refused(bad: dict[str, int]) -> None:
    with pytest.raises(InputError):
        from_json(VitSpec, {**to_json(VIT), **bad})


def test_pieces_must_be_strings() -> None:
    with pytest.raises(InputError, match="must be strings"):
        from_json(TextSpec, {**to_json(TEXT), "pieces": [1, 2]})
