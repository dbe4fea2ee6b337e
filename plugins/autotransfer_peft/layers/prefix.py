"""Learned keys and values in front of those of an attention."""

from __future__ import annotations

import inspect
from typing import Any, final

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from autotransfer_peft.layers.masks import longer
from autotransfer_peft.layers.transformers import Parts, linear_at

_CACHES = ("cache", "past_key_values", "past_key_value")
"""What BERT's attention calls earlier keys and values, from the newest version of transformers to older ones."""


@final
class Prefix(nn.Module):
    """Keys and values of one layer, (length, width) each: learned as they are, or made of a table that all layers share
    by a layer of their own.

    :param table: None: learned as they are. :param own: whether the table is a part of this one: of the first alone,
        so that it is saved once.
    """

    def __init__(self, length: int, width: int, heads: int, table: Table | None = None, *, own: bool = True) -> None:
        super().__init__()
        self.heads, self._shared = heads, (table,)
        self.table = table if own else None
        self.values = nn.Parameter(torch.randn(2, length, width) * 0.02) if table is None else None
        self.out = None if table is None else nn.Linear(table.inner, 2 * width)

    def forward(self, n: int) -> tuple[Tensor, Tensor]:
        """Keys and values (n, heads, length, width / heads)."""
        pairs = self._pairs()
        split = pairs.view(2, pairs.shape[1], self.heads, pairs.shape[2] // self.heads).transpose(1, 2)
        keys, values = split.unsqueeze(1).expand(-1, n, -1, -1, -1)
        return keys, values

    def _pairs(self) -> Tensor:
        """(2, length, width)."""
        (table,) = self._shared
        if table is None or self.out is None:
            assert self.values is not None  # noqa: S101 - for the type checker
            return self.values
        return torch.stack(self.out(table()).chunk(2, dim=1))


@final
class Table(nn.Module):
    """The part of a prefix that all layers share: tanh of a linear layer of one vector a place."""

    def __init__(self, length: int, width: int, inner: int) -> None:
        super().__init__()
        self.inner = inner
        self.places = nn.Parameter(torch.randn(length, width) * 0.02)
        self.hidden = nn.Linear(width, inner)

    def forward(self) -> Tensor:
        """(length, inner)."""
        return torch.tanh(self.hidden(self.places))


@final
class PrefixedAttention(nn.Module):
    """The attention of timm's and the zoo's layers, whose query, key and value are one linear layer, with a prefix."""

    def __init__(self, base: nn.Module, prefix: Prefix) -> None:
        super().__init__()
        self.base, self.prefix = base, prefix

    def forward(
        self, x: Tensor, mask: Tensor | None = None, attn_mask: Tensor | None = None, is_causal: bool = False
    ) -> Tensor:
        """(n, length, width) to the same. ``mask`` is what the zoo gives, ``attn_mask`` what timm does."""
        if is_causal:
            raise ValueError("PrefixedAttention: no causal attention")
        base: Any = self.base
        n, length, _ = x.shape
        q, k, v = base.qkv(x).view(n, length, 3, self.prefix.heads, -1).permute(2, 0, 3, 1, 4)
        q, k = (_optional(base, name, part) for name, part in (("q_norm", q), ("k_norm", k)))
        keys, values = self.prefix(n)
        k, v = torch.cat([keys.to(k.dtype), k], dim=2), torch.cat([values.to(v.dtype), v], dim=2)
        seen = longer(mask if mask is not None else attn_mask, keys.shape[2], queries=False)
        seen = seen[:, None, None, :] if seen is not None and seen.ndim == 2 else seen
        mixed = scaled_dot_product_attention(q, k, v, attn_mask=seen).transpose(1, 2).reshape(n, length, -1)
        mixed = _optional(base, "norm", mixed)
        gate = getattr(base, "gate", None)
        mixed = mixed if gate is None else mixed * gate(x).sigmoid()
        out: Tensor = _optional(base, "proj_drop", base.proj(mixed))
        return out


def _optional(base: nn.Module, name: str, x: Tensor) -> Tensor:
    """A part that some attentions have."""
    part = getattr(base, name, None)
    return x if part is None else part(x)


def heads_of(parts: Parts) -> int:
    """Heads of the attention there."""
    attention = parts.attention.layer
    names = ("num_heads", "heads", "num_attention_heads")
    return next(int(getattr(attention, name)) for name in names if hasattr(attention, name))


def key_width(parts: Parts) -> int:
    """Columns of all heads' keys."""
    return linear_at(parts.closing).in_features


def prefixed(parts: Parts, prefix: Prefix) -> None:
    """Give the attention there a prefix."""
    attention = parts.attention.layer
    if len(parts.mixers) == 1:
        parts.attention.put(PrefixedAttention(attention, prefix))
        return
    attention.prefix = prefix
    attention.register_forward_pre_hook(_with_prefix, with_kwargs=True)


def _with_prefix(attention: nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The arguments of BERT's attention, with a prefix for the past and a mask to match."""
    signature = inspect.signature(inspect.unwrap(type(attention).forward))
    _, *positional = signature.parameters
    arguments = {**dict(zip(positional, given, strict=False)), **named}
    rows = arguments[positional[0]]
    past = _Past(attention.prefix(len(rows)))  # type: ignore[operator]
    name = next(name for name in _CACHES if name in signature.parameters)
    mask = longer(arguments.get("attention_mask"), past.keys.shape[2], queries=False)
    return (), {**arguments, name: past, "attention_mask": mask}


@final
class _Past:
    """What transformers asks for earlier keys and values."""

    def __init__(self, pair: tuple[Tensor, Tensor]) -> None:
        self.keys, self.values = pair

    def update(self, keys: Tensor, values: Tensor, *_: Any, kwargs: Any = None) -> tuple[Tensor, Tensor]:
        """The prefix, and what comes now."""
        return torch.cat([self.keys, keys], dim=2), torch.cat([self.values, values], dim=2)
