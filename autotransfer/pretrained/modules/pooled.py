"""A transformer for texts whose features are means over tokens."""

from __future__ import annotations

from typing import Any, final

from torch import Tensor, nn

from autotransfer.trainable import Blocks


@final
class MeanPooled(nn.Module):
    """Token numbers (n, length), counted from 1 with 0 for padding, to features (n, width).

    :param network: a model of transformers that takes ``input_ids`` and ``attention_mask``.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    @property
    def width(self) -> int:
        """Columns of the features."""
        return int(self.network.config.hidden_size)  # type: ignore[union-attr, arg-type]

    def forward(self, tokens: Tensor) -> Tensor:
        """The mean of the last layer's vectors over the real tokens."""
        mask = tokens > 0
        vectors: Tensor = self.network(
            input_ids=(tokens - 1).clamp(min=0), attention_mask=mask.long()
        ).last_hidden_state
        weights = mask.unsqueeze(2).to(vectors.dtype)
        return ((vectors * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)).float()

    def blocks(self) -> Blocks:
        """Embeddings, layer after layer of the longest list of them, and what comes after."""
        lists = [(name, part) for name, part in self.named_modules() if isinstance(part, nn.ModuleList)]
        names = [name for name, _ in self.named_parameters()]
        if not lists:
            return (tuple(names),)
        place, layers = max(lists, key=lambda found: len(found[1]))
        blocks: list[list[str]] = [[] for _ in range(len(layers) + 2)]
        for name in names:
            blocks[_block(name, f"{place}.", len(layers), seen=any(blocks[1:]))].append(name)
        return tuple(tuple(block) for block in blocks if block)


def _block(name: str, place: str, count: int, *, seen: Any) -> int:
    """0 before the layers, 1 to ``count`` in them, ``count + 1`` after them."""
    if name.startswith(place):
        return 1 + int(name.removeprefix(place).partition(".")[0])
    return count + 1 if seen else 0
