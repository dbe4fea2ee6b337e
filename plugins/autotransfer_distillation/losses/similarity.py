"""Which rows of a batch look alike."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional


def similarity_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """``||G_teacher - G_student||_F^2 / n^2`` with ``G`` the inner products of the rows, each row of G scaled to length
    1: Tung and Mori, Similarity-Preserving Knowledge Distillation, ICCV 2019 (arXiv:1907.09682), equations 1 to 4.

    :param student: (n, d). :param teacher: (n, e).
    """
    gaps = _similarities(teacher) - _similarities(student)
    return gaps.square().mean()


def _similarities(z: Tensor) -> Tensor:
    return functional.normalize(z @ z.T, dim=1)
