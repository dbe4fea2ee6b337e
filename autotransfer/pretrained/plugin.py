"""Hook implementations for pretrained networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autotransfer.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.encoder import Encoder
    from autotransfer.task import Source


@hookimpl
def open_source(uri: str) -> Source | None:
    """``timm:MODEL[.TAG][@FILE]``, ``hf:MODEL_OR_FOLDER`` and ``zoo:NAME``."""
    kind = uri.partition(":")[0]
    if kind == "timm":
        from autotransfer.pretrained.timm_source import open_timm_source

        return open_timm_source(uri)
    if kind == "hf":
        from autotransfer.pretrained.hf_source import open_hf_source

        return open_hf_source(uri)
    if kind == "zoo":
        from autotransfer.pretrained.zoo_source import open_zoo_source

        return open_zoo_source(uri)
    return None


@hookimpl
def encoders() -> Sequence[Encoder]:
    """Without a model, which a source names: listed so that saved runs find them."""
    from autotransfer.pretrained.hf_encoder import HfEncoder
    from autotransfer.pretrained.timm_encoder import TimmEncoder
    from autotransfer.pretrained.zoo_encoder import ZooImages, ZooTexts

    return (TimmEncoder(), HfEncoder(), ZooImages(), ZooTexts())
