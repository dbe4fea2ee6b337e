"""What a Q-Former is trained by. Importing this module imports torch."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, softmax

from autotransfer_multimodal.loss import info_nce
from autotransfer_multimodal.qformer.network import QFormerNetwork, nearest


def contrast_and_match(network: QFormerNetwork, grid: Tensor, tokens: Tensor) -> Tensor:
    """Image-text contrast plus image-text matching, both with weight 1 as in Li et al. (BLIP-2), section 3.2."""
    similarities = network.factor * nearest(network.images(grid), network.texts(tokens))
    loss = info_nce(similarities)
    return loss + matching(network, grid, tokens, similarities.detach()) if len(grid) > 1 else loss


def matching(network: QFormerNetwork, grid: Tensor, tokens: Tensor, similarities: Tensor) -> Tensor:
    """Which pairs are pairs: each true one, each image with a wrong text, each text with a wrong image. Wrong partners
    are drawn the more often the more similar they are (Li et al., "Align before fuse", NeurIPS 2021, arXiv:2107.07651).

    :param similarities: (n, n), n > 1.
    """
    n = len(grid)
    texts, images = hard_negatives(similarities), hard_negatives(similarities.T)
    grids, words = torch.cat([grid, grid, grid[images]]), torch.cat([tokens, tokens[texts], tokens])
    truth = torch.cat([torch.ones(n), torch.zeros(2 * n)]).long().to(grid.device)
    return cross_entropy(network.matches(grids, words), truth)


def hard_negatives(similarities: Tensor) -> Tensor:
    """For each row a column that is not its own, drawn by the softmax of the row: int64 (n,)."""
    weights = softmax(similarities, dim=1) + 1e-4
    weights = weights * (1 - torch.eye(len(weights), device=weights.device))
    return torch.multinomial(weights.cpu(), 1)[:, 0].to(weights.device)
