"""Where a transformer is changed: its layers under the names that libraries give to their parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from torch import nn


@final
@dataclass(frozen=True, eq=False)
class Place:
    """One layer inside of its owner, so that another can take its place.

    :param owner: the module that holds it. :param name: the attribute.
    """

    owner: nn.Module
    name: str

    @property
    def layer(self) -> nn.Module:
        """What is there now."""
        return self.owner.get_submodule(self.name)

    def put(self, layer: nn.Module) -> None:
        """Put another there, in the mode of the one that it replaces."""
        setattr(self.owner, self.name, layer.train(self.layer.training))


@final
@dataclass(frozen=True, eq=False)
class Parts:
    """One transformer layer.

    :param whole: the layer itself. :param attention: the attention in it.
    :param mixers: linear layers for query, key and value: one for all of them, or three.
    :param closing: linear layer after the attention's sum. :param widening, narrowing: the small network's two.
    :param small: the small network, where it is a module of its own that nothing else is in.
    """

    whole: Place
    attention: Place
    mixers: tuple[Place, ...]
    closing: Place
    widening: Place
    narrowing: Place
    small: Place | None

    @property
    def width(self) -> int:
        """Columns of what passes the layer."""
        return linear_at(self.narrowing).out_features

    @property
    def linears(self) -> tuple[Place, ...]:
        """All of its linear layers."""
        return (*self.mixers, self.closing, self.widening, self.narrowing)


def transformer_layers(network: nn.Module) -> list[Parts]:
    """The layers in the order in which rows pass them; empty for a network that is none, or that names them in no way
    known here: timm's and the zoo's (``attn.qkv``, ``mlp.fc1``), or BERT's and RoBERTa's (``attention.self.query``)."""
    found = []
    for owner in list(network.modules()):
        for name, child in owner.named_children():
            parts = _joint(Place(owner, name), child) or _apart(Place(owner, name), child)
            if parts is not None:
                found.append(parts)
    return found


def linear_at(place: Place) -> nn.Linear:
    """The linear layer there, which another may have wrapped as its ``base``."""
    layer = place.layer
    while not isinstance(layer, nn.Linear):
        layer = layer.get_submodule("base")
    return layer


def _joint(whole: Place, layer: nn.Module) -> Parts | None:
    """Query, key and value in one, each normalised before: as in timm and the zoo."""
    names = ("attn.qkv", "attn.proj", "mlp.fc1", "mlp.fc2")
    if not _linear(layer, names):
        return None
    qkv, closing, widening, narrowing = (_place(layer, name) for name in names)
    return Parts(whole, Place(layer, "attn"), (qkv,), closing, widening, narrowing, Place(layer, "mlp"))


def _apart(whole: Place, layer: nn.Module) -> Parts | None:
    """Three layers for query, key and value, normalised after: as in BERT."""
    mixers = tuple(f"attention.self.{part}" for part in ("query", "key", "value"))
    others = ("attention.output.dense", "intermediate.dense", "output.dense")
    if not _linear(layer, (*mixers, *others)):
        return None
    closing, widening, narrowing = (_place(layer, name) for name in others)
    three = tuple(_place(layer, name) for name in mixers)
    return Parts(whole, _place(layer, "attention.self"), three, closing, widening, narrowing, None)


def _linear(layer: nn.Module, names: tuple[str, ...]) -> bool:
    for name in names:
        try:
            found = layer.get_submodule(name)
        except AttributeError:
            return False
        if not isinstance(found, nn.Linear):
            return False
    return True


def _place(layer: nn.Module, name: str) -> Place:
    owner, _, last = name.rpartition(".")
    return Place(layer.get_submodule(owner), last)


def places(network: nn.Module, kind: type[nn.Module]) -> list[Place]:
    """All layers of exactly this kind."""
    return [
        Place(owner, name)
        for owner in list(network.modules())
        for name, child in owner.named_children()
        if type(child) is kind
    ]
