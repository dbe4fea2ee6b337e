"""A model of timm as a source: ``timm:MODEL[.TAG]`` or ``timm:MODEL[.TAG]@FILE.safetensors``."""

from __future__ import annotations

import difflib
from typing import Any

from autotransfer.assets import Asset
from autotransfer.errors import InputError
from autotransfer.pretrained import timm_model
from autotransfer.pretrained.head import LinearHead
from autotransfer.pretrained.hub import fetch
from autotransfer.pretrained.timm_encoder import FittedTimm, TimmEncoder
from autotransfer.pretrained.weights import SUFFIX, checked_file, digest_of, load_weights
from autotransfer.task import Source

PREFIX = "timm:"


def open_timm_source(uri: str) -> Source | None:
    """The source that ``uri`` names, or None when it does not start with ``timm:``.

    Weights come from the named file; without one from the Hugging Face hub, if it can be reached. An encoder, and a
    head where the weights have a linear classifier. Raises ``InputError``, within seconds.
    """
    if not uri.startswith(PREFIX):
        return None
    model, _, name = uri.removeprefix(PREFIX).partition("@")
    if not timm_model.known(model):
        near = difflib.get_close_matches(model.partition(".")[0], timm_model.library().list_models(), n=3)
        raise InputError(
            f"{uri}: timm has no such model; {f'did you mean {chr(32).join(near)}?' if near else 'check it'}"
        )
    config = timm_model.published(model)
    if name:
        path = checked_file(uri, name)
    elif config is None or not config.hf_hub_id:
        raise InputError(f"{uri}: timm knows no weights for it; name a file: {uri}@FILE{SUFFIX}")
    else:
        remote = config.hf_hub_filename or f"model{SUFFIX}"
        path = fetch(uri, str(config.hf_hub_id), remote, f"name a file: {uri}@FILE{SUFFIX}")
        checked_file(uri, str(path))
    digest = digest_of(path)
    encoder = TimmEncoder(model, str(path), digest)
    head = encoder.head()
    offers = Asset.PRETRAINED | Asset.TRAINABLE
    if head is None:
        return Source(uri, offers, encoder=encoder)
    classes = class_names(config, len(head[0]))
    linear = LinearHead(FittedTimm(model, load_weights(path, digest)), *head, encoder)
    return Source(uri, offers | Asset.SOURCE_HEAD, classes=classes, encoder=encoder, head=linear)


def class_names(config: object, count: int) -> tuple[str, ...]:
    """ImageNet's names where the weights are for its 1000 or more classes, else numbers from 0."""
    data: Any = timm_model.library().data
    subset = data.infer_imagenet_subset(config.to_dict()) if hasattr(config, "to_dict") else None
    if subset is not None:
        info = data.ImageNetInfo(subset)
        if info.num_classes() == count:
            return tuple(str(info.index_to_description(index)) for index in range(count))
    return tuple(str(index) for index in range(count))
