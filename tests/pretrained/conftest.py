"""Small networks of the zoo and of timm, initialised at random and saved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autotransfer.data import Dataset, Modality
from autotransfer.nets.seeding import reproducible
from autotransfer.pretrained.entry import save_entry
from autotransfer.pretrained.network import PretrainedNetwork
from autotransfer.pretrained.specs import ResNetSpec

SPEC = ResNetSpec(size=16, widths=(4, 8), depths=(1, 2), stem_stride=1)
CLASSES = ("ant", "bee", "cat")
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "sat", "on", "mat", "##s", "a", "dog"]


def images(n: int = 5, height: int = 20, width: int = 14) -> Dataset:
    rng = np.random.default_rng(0)
    return Dataset("images", Modality.IMAGE, rng.integers(0, 256, (n, height, width, 3), dtype=np.uint8))


def random_network(*, head: bool = True, seed: int = 0) -> PretrainedNetwork:
    """Weights and statistics that half precision holds, so that what is saved is what is loaded."""
    import torch

    with reproducible(seed, "cpu"):
        module = SPEC.build().train()
        module(torch.rand(8, 3, 16, 16) * 255)
        arrays = {name: tensor.numpy().copy() for name, tensor in module.state_dict().items()}
    if head:
        rng = np.random.default_rng(seed)
        arrays |= {"head.weight": rng.normal(size=(3, SPEC.width)), "head.bias": rng.normal(size=3)}
    halves = {name: a.astype(np.float16) if a.dtype.kind == "f" else a for name, a in arrays.items()}
    return PretrainedNetwork(SPEC, halves)


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    """The folder of a saved entry with a head."""
    folder = tmp_path / "tiny"
    save_entry(folder, {"name": "tiny", "classes": list(CLASSES)}, random_network())
    return folder


@pytest.fixture(scope="session")
def timm_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights of timm's ``test_vit``, initialised at random."""
    import torch
    from safetensors.torch import save_file

    from autotransfer.pretrained.timm_model import library

    path = tmp_path_factory.mktemp("timm") / "vit.safetensors"
    with reproducible(0, "cpu"):
        save_file(library().create_model("test_vit").state_dict(), path)
    assert torch.is_grad_enabled()
    return path


@pytest.fixture(scope="session")
def bert_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two layers, initialised at random, with a vocabulary of a few words. Skips without the extra."""
    from autotransfer.pretrained.timm_model import library

    library()  # torchvision must be imported in the right way first
    transformers = pytest.importorskip("transformers", reason="the extra [hf] is not installed")
    place = tmp_path_factory.mktemp("bert")
    (place / "vocab.txt").write_text("\n".join(WORDS))
    transformers.BertTokenizerFast(str(place / "vocab.txt")).save_pretrained(place)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    with reproducible(0, "cpu"):
        transformers.BertModel(transformers.BertConfig(vocab_size=len(WORDS), **sizes)).save_pretrained(place)
    return place
