"""Masked tokens and what they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, linear

from autotransfer.pretrained.wordpieces import MASK, SPECIALS

if TYPE_CHECKING:
    from autotransfer.pretrained.modules.text import TextTransformer
    from autotransfer.pretrained.specs import TextSpec
    from autotransfer.pretraining.mlm import MaskedTokens

_MASKED, _EXCHANGED = 0.8, 0.1
"""Shares of the tokens that are asked for."""


@final
class Cloze(nn.Module):
    """Cross-entropy over the vocabulary, at the tokens that are asked for."""

    def __init__(self, backbone: TextTransformer, spec: TextSpec, recipe: MaskedTokens) -> None:
        super().__init__()
        self.backbone = backbone
        self.transform = nn.Sequential(nn.Linear(spec.width, spec.width), nn.GELU(), nn.LayerNorm(spec.width))
        self.level = nn.Parameter(torch.zeros(backbone.tokens.num_embeddings))
        self._share = recipe.share

    def forward(self, rows: Tensor, labels: Tensor, progress: float) -> Tensor:
        """The loss of a batch; labels are not looked at."""
        rows = rows[:, : int((rows != 0).sum(dim=1).max())]  # short texts need no long padding
        tokens, asked = disguised(rows, self.backbone.tokens.num_embeddings, self._share)
        vectors = self.transform(self.backbone.encode(tokens)[asked])
        if len(vectors) == 0:  # no text has a word: nothing to learn, but a gradient of zeros
            return torch.stack([parameter.sum() for parameter in self.parameters()]).sum() * 0.0
        return cross_entropy(linear(vectors, self.backbone.tokens.weight, self.level), rows[asked])


def disguised(tokens: Tensor, count: int, share: float) -> tuple[Tensor, Tensor]:
    """The tokens with some of them masked or exchanged, and which are asked for (bool); special ones never are.

    :param tokens: int64 (n, length). :param count: size of the vocabulary, special tokens included.
    """
    asked = (torch.rand(tokens.shape).to(tokens.device) < share) & (tokens >= SPECIALS)
    fate = torch.rand(tokens.shape).to(tokens.device)
    others = torch.randint(SPECIALS, count, tokens.shape).to(tokens.device)
    shown = torch.where(asked & (fate < _MASKED), MASK, tokens)
    exchanged = asked & (fate >= _MASKED) & (fate < _MASKED + _EXCHANGED)
    return torch.where(exchanged, others, shown), asked
