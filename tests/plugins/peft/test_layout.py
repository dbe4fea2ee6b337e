"""What networks are made of, and who refuses them."""

from __future__ import annotations

import pytest
from autotransfer_peft.layout import Layout, layout_of
from autotransfer_peft.method import PeftMethod

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.pretrained.zoo_source import open_zoo_source
from autotransfer.task import Source
from autotransfer.testing.networks import NETWORKS


def test_a_toy_network() -> None:
    """One transformer layer of four linear layers and two more, a convolution of 3 × 3."""
    source = Source("toy", Asset.TRAINABLE, encoder=NETWORKS[Modality.IMAGE])
    assert layout_of(source) == Layout(layers=1, linears=6, convolutions=1, biases=7)
    assert layout_of(Source("none", Asset.SOURCE_LABELS)) is None


def test_the_networks_of_the_zoo(methods) -> None:
    """Prefixes, prompts and the like want the transformer; adapters of convolutions want the residual network."""
    taken = {}
    for name in ("photo-resnet", "photo-vit"):
        source = open_zoo_source(f"zoo:{name}")
        taken[name] = {method.name for method in methods if method.refuses(source) is None}
    assert taken["photo-resnet"] == {"lora", "bitfit", "conv_adapter", "residual_adapter"}
    assert taken["photo-vit"] == {method.name for method in methods} - {"conv_adapter", "residual_adapter"}


@pytest.mark.parametrize("nothing", [Layout(0, 0, 0, 0)])
def test_methods_say_why_they_refuse(methods, nothing: Layout) -> None:
    """Each in one line; a network with everything is taken by all."""
    assert len(methods) == 13
    for method in methods:
        assert issubclass(method, PeftMethod)
        assert method.unfit(Layout(1, 4, 1, 1)) is None
        reason = method.unfit(nothing)
        assert reason is not None
        assert reason.startswith("its network has no ")
        assert "\n" not in reason
