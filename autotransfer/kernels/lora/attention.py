"""LoRA for attention whose query, key and value are one linear layer, as in timm's vision transformers."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from autotransfer.kernels.lora.layer import LoraLinear

PARTS = ("q", "k", "v")


def adapt_attention(
    attention: nn.Module,
    rank: int = 8,
    alpha: float = 16.0,
    dropout: float = 0.0,
    parts: Sequence[str] = ("q", "v"),
) -> LoraLinear:
    """Put a :class:`LoraLinear` in the place of ``attention.qkv``; x is read once for all parts.

    :param attention: a module whose attribute ``qkv`` is a linear layer with the query's columns first, then the key's,
        then the value's, as many each.
    :param parts: of ``q``, ``k``, ``v``, those that get factors of their own; the paper's choice for most experiments
        is query and value.
    :return: the new layer. Its factors are what is to be trained.

    Raises ``ValueError`` for an attention without such a layer, or parts that are none.
    """
    qkv = getattr(attention, "qkv", None)
    name = type(attention).__name__
    if not isinstance(qkv, nn.Linear) or qkv.out_features % len(PARTS):
        raise ValueError(
            f"adapt_attention: {name} has no linear layer qkv with three equal parts: use LoraLinear on its layers"
        )
    chosen = [part for part in PARTS if part in parts]
    if not chosen or len(chosen) != len(parts):
        raise ValueError(f"adapt_attention: parts={tuple(parts)} must be some of {', '.join(PARTS)}, each once")
    size = qkv.out_features // len(PARTS)
    adapted = LoraLinear(qkv, rank, alpha, dropout, [(PARTS.index(part) * size, size) for part in chosen])
    attention.qkv = adapted.train(attention.training)
    return adapted
