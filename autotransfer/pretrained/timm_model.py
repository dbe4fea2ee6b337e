"""Models of timm, built without any weights of its own fetching, and filled from safetensors alone."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from autotransfer._compat import ensure_torchvision
from autotransfer.data import Array, Dataset
from autotransfer.encoders.images import decoded, plain
from autotransfer.errors import InputError
from autotransfer.trainable import Blocks

if TYPE_CHECKING:
    from torch import Tensor, nn


@cache
def library() -> Any:
    """The package timm, imported at the first call."""
    ensure_torchvision()
    import timm

    return timm


def known(model: str) -> bool:
    """Whether timm has an architecture of that name (``MODEL`` or ``MODEL.TAG``), weights aside."""
    return bool(model) and not set(model) & set("/\\:@ ") and bool(library().is_model(model.partition(".")[0]))


def published(model: str) -> Any:
    """What timm knows of the weights ``MODEL.TAG``, of the first ones for ``MODEL``: where they are, and how they want
    their images. Raises ``InputError`` for an unknown tag."""
    try:
        return library().get_pretrained_cfg(model)
    except RuntimeError as error:
        tags = [str(name) for name in library().list_pretrained(f"{model.partition('.')[0]}.*")]
        raise InputError(f"timm:{model}: no such weights; there are {', '.join(tags) or 'none'}") from error


def images(model: str, data: Dataset) -> Array:
    """Images as the model's own preprocessing resizes and crops them, before values are scaled: uint8 of shape
    (n, 3, height, width)."""
    settings = _settings(model)
    resize = library().data.create_transform(**settings, is_training=False, normalize=False)
    rows = np.empty((len(data), *settings["input_size"]), np.uint8)
    for row, item in enumerate(np.asarray(data.inputs)):
        rows[row] = np.asarray(resize(plain(decoded(item), 3)))
    return rows


def scaling(model: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each channel, where 1 is full intensity."""
    settings = _settings(model)
    return tuple(settings["mean"]), tuple(settings["std"])


def _settings(model: str) -> dict[str, Any]:
    config = published(model)
    return dict(library().data.resolve_data_config({}, pretrained_cfg={} if config is None else config.to_dict()))


def build(model: str, weights: Mapping[str, Tensor]) -> nn.Module:
    """The network with the weights' own classifier, in evaluation mode.

    :param weights: by timm's names, or by those of the published file where timm knows how to translate them.
    :raises InputError: they do not fit.
    """
    network: Any = library().create_model(model.partition(".")[0], pretrained=False)
    translate = getattr(sys.modules[type(network).__module__], "checkpoint_filter_fn", None)
    try:
        tensors = dict(weights) if translate is None else translate(dict(weights), network)
        classes = _classes(network, tensors)
        if classes != network.num_classes:
            network.reset_classifier(classes)
        network.load_state_dict(tensors)
    except (RuntimeError, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        reason = " ".join(str(error).split())[:160]
        raise InputError(f"timm:{model}: the weights are not those of that model ({reason}); give its own") from error
    built: nn.Module = network.eval()
    return built


def _classes(network: Any, tensors: Mapping[str, Tensor]) -> int:
    """Rows of the classifier among the weights; 0 without one."""
    names = network.default_cfg.get("classifier") or ()
    first = names if isinstance(names, str) else next(iter(names), "")
    weight = tensors.get(f"{first}.weight")
    return 0 if weight is None else len(weight)


def head(network: nn.Module) -> tuple[Array, Array] | None:
    """Weight and bias of a linear classifier; None without one."""
    from torch import nn

    classifier = network.get_classifier()  # type: ignore[operator]
    if not isinstance(classifier, nn.Linear) or classifier.bias is None:
        return None
    return classifier.weight.detach().numpy().copy(), classifier.bias.detach().numpy().copy()


def layers(network: nn.Module) -> Blocks:
    """Names of parameters layer by layer, as timm groups them for layer-wise learning rates."""
    from timm.models import group_parameters

    grouped = group_parameters(network, network.group_matcher(coarse=False))  # type: ignore[operator]
    return tuple(tuple(grouped[key]) for key in sorted(grouped))
