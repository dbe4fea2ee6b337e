"""How the rows of a batch lie to each other."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

_TINY = 1e-12


def distance_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Huber loss between the pairwise distances of both representations, each divided by its mean: Park, Kim, Lu and
    Cho, Relational Knowledge Distillation, CVPR 2019 (arXiv:1904.05068), equation 5. The mean over all n^2 pairs.

    :param student: (n, d). :param teacher: (n, e).
    """
    return functional.smooth_l1_loss(_relative_distances(student), _relative_distances(teacher))


def angle_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Huber loss between the cosines of the angles that every three rows form: the same paper, equation 7. The mean
    over all n^3 triplets."""
    return functional.smooth_l1_loss(_cosines(student), _cosines(teacher))


def _relative_distances(z: Tensor) -> Tensor:
    """Euclidean distances (n, n) divided by the mean of those above 0."""
    squares = (z[:, None] - z[None]).square().sum(dim=2)
    apart = squares > _TINY
    distances = torch.where(apart, squares.clamp(min=_TINY).sqrt(), squares.new_zeros(()))
    return distances / (distances.sum() / apart.sum().clamp(min=1)).clamp(min=_TINY)


def _cosines(z: Tensor) -> Tensor:
    """For rows i, j, k the cosine of the angle at j: entry [j, i, k] of shape (n, n, n)."""
    directions = functional.normalize(z[None] - z[:, None], dim=2, eps=_TINY)
    return torch.bmm(directions, directions.transpose(1, 2))
