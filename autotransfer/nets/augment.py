"""Random views of image batches, made with torch: a few milliseconds for a hundred small images."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample


def crops(images: Tensor, edge: int, smallest: float) -> Tensor:
    """A random part of each image, enlarged or shrunk to ``edge`` pixels and mirrored every other time: "random resized
    crop", Szegedy et al., "Going deeper with convolutions", CVPR 2015 (arXiv:1409.4842).

    :param images: (n, c, height, width), any real type.
    :param smallest: least share of the area, in (0, 1]; the aspect is between 3:4 and 4:3.
    :returns: float32 of shape (n, c, edge, edge) in the values' own range.
    """
    n = len(images)
    share = torch.empty(n).uniform_(smallest, 1.0)
    aspect = torch.empty(n).uniform_(math.log(3 / 4), math.log(4 / 3)).exp()
    wide, high = (share * aspect).sqrt().clamp(max=1.0), (share / aspect).sqrt().clamp(max=1.0)
    x, y = ((1 - extent) * (2 * torch.rand(n) - 1) for extent in (wide, high))
    mirror = 1.0 - 2.0 * torch.randint(0, 2, (n,))
    zero = torch.zeros(n)
    theta = torch.stack([wide * mirror, zero, x, zero, high, y], dim=1).view(n, 2, 3).to(images.device)
    grid = affine_grid(theta, [n, images.shape[1], edge, edge], align_corners=False)
    return grid_sample(images.float(), grid, padding_mode="reflection", align_corners=False)


def jitter(images: Tensor, strength: float) -> Tensor:
    """Brightness, contrast and saturation of each image, changed by a random factor in [1 - strength, 1 + strength],
    in this order; values stay in [0, 255]."""
    factors = torch.empty(3, len(images), 1, 1, 1).uniform_(1 - strength, 1 + strength).to(images.device)
    bright = images * factors[0]
    level = bright.mean(dim=(1, 2, 3), keepdim=True)
    contrasted = level + (bright - level) * factors[1]
    gray = contrasted.mean(dim=1, keepdim=True)
    return (gray + (contrasted - gray) * factors[2]).clamp(0, 255)


def grays(images: Tensor, share: float) -> Tensor:
    """A random share of the images without their colours."""
    chosen = torch.rand(len(images), 1, 1, 1, device=images.device) < share
    return torch.where(chosen, images.mean(dim=1, keepdim=True), images)


def affine(images: Tensor, strength: float) -> Tensor:
    """Each image through a linear map of its own: turned, sheared, stretched and moved a little.

    :param images: (n, c, height, width), any real type. :param strength: by which each of the four numbers of the map
        is off the identity's at most; images move by half of that share of their edge.
    :returns: float32 of the same shape; what comes in at the edges repeats them.
    """
    theta = torch.empty(len(images), 2, 3).uniform_(-strength, strength)
    theta[:, 0, 0] += 1.0
    theta[:, 1, 1] += 1.0
    grid = affine_grid(theta.to(images.device), list(images.shape), align_corners=False)
    return grid_sample(images.float(), grid, padding_mode="border", align_corners=False)
