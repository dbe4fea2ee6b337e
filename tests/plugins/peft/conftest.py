"""Small networks of three libraries, each with attention, and one without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from autotransfer_peft import transfer_methods
from autotransfer_peft.method import PeftMethod
from torch import nn

from autotransfer._compat import ensure_torchvision
from autotransfer.nets.seeding import reproducible
from autotransfer.pretrained.specs import ResNetSpec, VitSpec

ensure_torchvision()

VIT = VitSpec(16, 8, 8, 2, 2)
RESNET = ResNetSpec(16, (8, 16), (1, 1))


def timm_vit() -> nn.Module:
    from timm.models.vision_transformer import VisionTransformer

    sizes = {"img_size": 16, "patch_size": 8, "embed_dim": 8, "depth": 2, "num_heads": 2, "num_classes": 0}
    return VisionTransformer(**sizes, qk_norm=True)


def bert() -> nn.Module:
    transformers = pytest.importorskip("transformers", reason="needs transformers: pip install 'autotransfer[hf]'")
    from autotransfer.pretrained.modules.pooled import MeanPooled

    sizes = {"hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16}
    config = transformers.BertConfig(vocab_size=20, max_position_embeddings=16, **sizes)
    return MeanPooled(transformers.BertModel(config, add_pooling_layer=False))


NETWORKS: dict[str, Callable[[], nn.Module]] = {"zoo": VIT.build, "timm": timm_vit, "bert": bert}


@pytest.fixture(params=NETWORKS)
def transformer(request: pytest.FixtureRequest) -> tuple[nn.Module, torch.Tensor]:
    """A network in evaluation mode, and rows for it; some texts are shorter than others."""
    with reproducible(0, "cpu"):
        network = NETWORKS[request.param]().eval()
        if request.param == "bert":
            rows = torch.randint(1, 20, (3, 6))
            rows[1, 4:] = 0
            return network, rows
        return network, torch.rand(3, 3, 16, 16) * (255 if request.param == "zoo" else 1)


@pytest.fixture
def bert_network() -> nn.Module:
    with reproducible(0, "cpu"):
        return bert().eval()


@pytest.fixture
def methods() -> list[type[PeftMethod]]:
    return list(transfer_methods())


@pytest.fixture
def vit() -> Callable[[], nn.Module]:
    return VIT.build


@pytest.fixture
def convolutional() -> nn.Module:
    with reproducible(0, "cpu"):
        return RESNET.build().eval()


@pytest.fixture
def images() -> torch.Tensor:
    with reproducible(1, "cpu"):
        return torch.rand(3, 3, 16, 16) * 255
