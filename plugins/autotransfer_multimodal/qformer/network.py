"""The Q-Former. Importing this module imports torch."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from autotransfer.pretrained.modules.transformer import waves
from autotransfer.pretrained.wordpieces import PAD
from autotransfer_multimodal.networks import Contrastive
from autotransfer_multimodal.qformer.layers import QFormerLayer
from autotransfer_multimodal.qformer.spec import QFormerSpec


@final
class QFormerNetwork(Contrastive):
    """Grids and tokens into a common space, and whether the two belong together."""

    def __init__(self, spec: QFormerSpec) -> None:
        super().__init__()
        self.spec = spec
        self.see = nn.LayerNorm(spec.channels)
        self.queries = nn.Parameter(0.02 * torch.randn(spec.queries, spec.width))
        layers = [QFormerLayer(spec.width, spec.channels, texts=spec.tokens > 0) for _ in range(spec.depth)]
        self.layers, self.norm = nn.ModuleList(layers), nn.LayerNorm(spec.width)
        self.image_projection = nn.Linear(spec.width, spec.columns)
        if spec.tokens:
            self.tokens = nn.Embedding(spec.tokens, spec.width)
            nn.init.normal_(self.tokens.weight, std=0.02)
            self.text_projection, self.match = nn.Linear(spec.width, spec.columns), nn.Linear(spec.width, 2)

    def images(self, grid: Tensor) -> Tensor:
        """Of grids (n, m, channels) what each query found: (n, queries, columns), rows of length 1."""
        seen = self._passed(self._asked(len(grid)), self.see(grid), None, self.spec.queries)
        return normalize(self.image_projection(seen), dim=2)

    def texts(self, tokens: Tensor) -> Tensor:
        """Of tokens (n, length) the first one's vector: (n, columns), rows of length 1."""
        said = self._passed(self._said(tokens), None, tokens != PAD, 0)
        return normalize(self.text_projection(said[:, 0]), dim=1)

    def matches(self, grid: Tensor, tokens: Tensor) -> Tensor:
        """Two scores a pair, the second that it is one: (n, 2), the mean over the queries, which see the text too."""
        n, q = len(grid), self.spec.queries
        x = torch.cat([self._asked(n), self._said(tokens)], dim=1)
        mask = torch.cat([torch.ones(n, q, dtype=torch.bool, device=grid.device), tokens != PAD], dim=1)
        fused = self._passed(x, self.see(grid), mask, q)[:, :q]
        scores: Tensor = self.match(fused).mean(dim=1)
        return scores

    def _asked(self, n: int) -> Tensor:
        return self.queries.expand(n, -1, -1)

    def _said(self, tokens: Tensor) -> Tensor:
        places = torch.arange(tokens.shape[1], device=tokens.device)
        embedded: Tensor = self.tokens(tokens) + 0.02 * waves(places, self.spec.width)
        return embedded

    def _passed(self, x: Tensor, grid: Tensor | None, mask: Tensor | None, queries: int) -> Tensor:
        for layer in self.layers:
            x = layer(x, grid, mask, queries)
        normed: Tensor = self.norm(x)
        return normed


def nearest(images: Tensor, texts: Tensor) -> Tensor:
    """The best of each image's queries for each text: (n, m) cosines of (n, queries, d) and (m, d)."""
    return torch.einsum("nqd,md->nmq", images, texts).amax(dim=2)
