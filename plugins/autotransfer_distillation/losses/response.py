"""Softened responses."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional


def softened_divergence(student: Tensor, teacher: Tensor, temperature: float = 1.0) -> Tensor:
    """``T^2 KL(softmax(teacher / T) || softmax(student / T))``, the mean over rows: Hinton, Vinyals and Dean,
    Distilling the Knowledge in a Neural Network, NIPS Workshop 2014 (arXiv:1503.02531), section 2.

    The factor T^2 keeps the gradient's size when the temperature changes. The teacher's own entropy, a constant, is
    subtracted, so that the loss is 0 where both agree.

    :param student: scores (n, C). :param teacher: scores (n, C). :param temperature: T, > 0.
    """
    soft, log_soft = (teacher / temperature).softmax(dim=1), (teacher / temperature).log_softmax(dim=1)
    gap = soft * (log_soft - functional.log_softmax(student / temperature, dim=1))
    return temperature**2 * gap.sum(dim=1).mean()
