"""InfoNCE between images and texts. Importing this module imports torch."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

TEMPERATURE, SHARPEST = 0.07, 100.0
"""At first, and the largest factor of cosines (Radford et al., section 2.5)."""
START, MOST = -math.log(TEMPERATURE), math.log(SHARPEST)
"""The logarithm of the factor at first, and at most."""


def info_nce(similarities: Tensor) -> Tensor:
    """van den Oord, Li and Vinyals, "Representation learning with contrastive predictive coding", 2018
    (arXiv:1807.03748), in both directions as in Radford et al., figure 3: the mean of the cross-entropies of finding
    each image's text among the texts and each text's image among the images.

    :param similarities: (n, n) cosines times the factor, images in rows; pair i is entry (i, i).
    """
    partner = torch.arange(len(similarities), device=similarities.device)
    return (cross_entropy(similarities, partner) + cross_entropy(similarities.T, partner)) / 2
