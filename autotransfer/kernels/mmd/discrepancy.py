"""The squared maximum mean discrepancy of two samples."""

from __future__ import annotations

from typing import Literal, TypeAlias

import torch
from torch import Tensor

from autotransfer.errors import InputError
from autotransfer.kernels.backend import prepare
from autotransfer.kernels.mmd.arguments import Bandwidths, as_bandwidths, check_samples


def mmd2(  # noqa: PLR0913 - the last three are given by name
    x: Tensor,
    y: Tensor,
    bandwidths: Bandwidths,
    unbiased: bool = True,
    *,
    x_weights: Tensor | None = None,
    y_weights: Tensor | None = None,
    reduction: Literal["sum", "none"] = "sum",
) -> Tensor:
    """MMD^2 with Gaussian kernels, of Gretton et al., A Kernel Two-Sample Test, JMLR 13, 2012, equations 3 and 5.

    mean k(x_i, x_j) + mean k(y_i, y_j) - 2 mean k(x_i, y_j) with k(u, v) = exp(-||u - v||^2 / b), for each bandwidth b.
    The unbiased estimate leaves out i = j within a sample, and is negative for some samples of one distribution. It has
    first and second derivatives for x and y (the second by the reference), none for weights and bandwidths. No matrix
    of pairs is ever in memory.

    :param x: (n, d). :param y: (m, d), of the same type and device. Half precision is computed in ``float32``.
    :param bandwidths: 1 to 64 positive numbers. Each that is another divided by 2, 4, 8, ... costs no exponential.
    :param x_weights: (n,), not negative: how much each row counts, in parts of their sum. Or (n, C): MMD^2 is added up
        over the columns, as for class-conditional forms. ``y_weights``: (m,) or (m, C). None: all rows count the same.
    :param reduction: ``sum`` over the bandwidths, or ``none``: one value for each, in their order.
    :return: (), or (bandwidths,); ``float64`` for such samples, else ``float32``. NaN and infinite rows give NaN.
    """
    if reduction not in ("sum", "none"):
        raise InputError(f"mmd2: reduction is {reduction!r}; it must be 'sum' or 'none'")
    check_samples("mmd2", x, y, 2 if unbiased else 1)
    widths = as_bandwidths("mmd2", bandwidths, x.device)
    weights = _weights(x, y, x_weights, y_weights)
    return _total(x, y, widths, unbiased, weights) if reduction == "sum" else _each(x, y, widths, unbiased, weights)


def class_mmd2(
    x: Tensor, y: Tensor, x_classes: Tensor, y_classes: Tensor, bandwidths: Bandwidths, unbiased: bool = False
) -> Tensor:
    """Local MMD^2 of Zhu et al., Deep Subdomain Adaptation Network, IEEE TNNLS 32, 2021, equation 7 (arXiv:2106.09388).

    The mean, over the classes that both samples have, of MMD^2 between the rows of a class, each row counted by its
    probability of that class; summed over the bandwidths. Without gradients for the probabilities, as in the authors'
    code.

    :param x: (n, d). :param y: (m, d).
    :param x_classes: (n, C), one-hot labels or probabilities. :param y_classes: (m, C).
    :return: (); 0 where no class is in both. With ``unbiased``, NaN where one row has all of a class's weight.
    """
    for name, sample, classes in (("x", x, x_classes), ("y", y, y_classes)):
        if classes.dim() != 2 or classes.shape[0] != sample.shape[0] or classes.shape[1] != x_classes.shape[1]:
            forms = f"{tuple(classes.shape)} for {sample.shape[0]} rows"
            raise InputError(
                f"class_mmd2: {name}_classes is {forms}; it must be (rows, classes), the same classes in both"
            )
    mine, theirs = x_classes.detach().double(), y_classes.detach().double()
    present = (mine.sum(0) > 0) & (theirs.sum(0) > 0)
    share = (present.double() / present.sum().clamp_min(1)).sqrt()  # a pair has the product of two weights
    check_samples("class_mmd2", x, y, 1)
    widths = as_bandwidths("class_mmd2", bandwidths, x.device)
    return _total(x, y, widths, unbiased, (_normalized(mine) * share, _normalized(theirs) * share))


_Weights: TypeAlias = tuple[Tensor | None, Tensor | None]


def _each(x: Tensor, y: Tensor, widths: Tensor, unbiased: bool, weights: _Weights) -> Tensor:
    prepare(x.device.type)
    found: Tensor = torch.ops.autotransfer.mmd2(x, y, widths, unbiased, *weights)
    return found


def _total(x: Tensor, y: Tensor, widths: Tensor, unbiased: bool, weights: _Weights) -> Tensor:
    if not (torch.is_grad_enabled() and (x.requires_grad or y.requires_grad)):
        return _each(x, y, widths, unbiased, weights).sum()
    # One pass over all pairs gives the value and the gradients; a backward of its own would start again.
    prepare(x.device.type)
    total: Tensor = torch.ops.autotransfer.mmd2_gradient(x, y, widths, torch.ones_like(widths), unbiased, *weights)[0]
    return total


def _weights(x: Tensor, y: Tensor, x_weights: Tensor | None, y_weights: Tensor | None) -> _Weights:
    """Columns that sum to 1; None where all rows of both samples count the same."""
    if x_weights is None and y_weights is None:
        return None, None
    columns = []
    for name, sample, given in (("x", x, x_weights), ("y", y, y_weights)):
        weights = x.new_ones(sample.shape[0]) if given is None else given.detach()
        weights = weights.reshape(-1, 1) if weights.dim() == 1 else weights
        if weights.dim() != 2 or weights.shape[0] != sample.shape[0]:
            forms = f"{tuple(weights.shape)} for {sample.shape[0]} rows"
            raise InputError(f"mmd2: {name}_weights is {forms}; it must be (rows,) or (rows, columns)")
        columns.append(_normalized(weights.double()))
    if columns[0].shape[1] != columns[1].shape[1]:
        counts = f"{columns[0].shape[1]} and {columns[1].shape[1]}"
        raise InputError(f"mmd2: x_weights and y_weights have {counts} columns; they must have the same")
    return columns[0], columns[1]


def _normalized(weights: Tensor) -> Tensor:
    """Columns that sum to 1; columns of zeros stay."""
    total = weights.sum(0)
    return weights / torch.where(total == 0, 1.0, total)
