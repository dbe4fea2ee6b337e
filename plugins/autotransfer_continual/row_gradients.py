"""Sums over rows of powers of each row's own gradient, at the price of one backward for all rows together.

A linear layer's gradient for one row is an outer product, of what its output is due and what came in, so that its power
is the outer product of the powers, and the sum over the rows a matrix product (Goodfellow, "Efficient per-example
gradient computations", 2015, arXiv:1510.01799). A convolution's is a sum over places, and is made row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import torch
from torch import Tensor, nn
from torch.nn.functional import unfold

_CHUNK = 128
"""Rows that are passed at once."""

Objective = Callable[[Tensor], Tensor]
"""Scores (n, outputs) to one number a row, (n,)."""


def powers(
    forward: Callable[[Tensor], Tensor], network: nn.Module, X: Tensor, objectives: list[Objective], power: int
) -> Tensor:
    """``sum over objectives and rows of |d objective(row) / d parameter|^power``, flat in the order of
    ``parameters()``.

    :param forward: rows to scores, through the network.
    :param network: whose parameters are all in linear layers and convolutions; else ``TypeError`` is raised.
    """
    layers = list(_layers(network))
    total = torch.zeros(sum(parameter.numel() for parameter in network.parameters()), device=X.device)
    for rows in torch.split(X, _CHUNK):
        taken: dict[nn.Module, tuple[Tensor, Tensor]] = {}
        with ExitStack() as hooks:
            for layer in layers:
                hooks.callback(layer.register_forward_hook(_note(taken)).remove)
            scores = forward(rows)
        for objective in objectives:
            outputs = [taken[layer][1] for layer in layers]
            due = torch.autograd.grad(objective(scores).sum(), outputs, retain_graph=True)
            with torch.no_grad():
                parts = [
                    part
                    for layer, d in zip(layers, due, strict=True)
                    for part in _of_layer(layer, taken[layer][0], d, power)
                ]
                total += torch.cat([part.flatten() for part in parts])
    return total


def _note(taken: dict[nn.Module, tuple[Tensor, Tensor]]) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
    def hook(layer: nn.Module, given: tuple[Tensor, ...], output: Tensor) -> None:
        taken[layer] = (given[0].detach(), output)

    return hook


def _layers(network: nn.Module) -> Iterator[nn.Linear | nn.Conv2d]:
    for module in network.modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
            yield module
        elif any(True for _ in module.parameters(recurse=False)):
            raise TypeError(f"gradients of single rows are known for linear layers and convolutions, not {module}")


def _of_layer(layer: nn.Linear | nn.Conv2d, given: Tensor, due: Tensor, power: int) -> list[Tensor]:
    """Weight and bias."""
    if isinstance(layer, nn.Linear):
        sizes, inputs = due.abs() ** power, given.abs() ** power
        return [sizes.T @ inputs, *([] if layer.bias is None else [sizes.sum(dim=0)])]
    patches = unfold(given, layer.kernel_size, layer.dilation, layer.padding, layer.stride)  # type: ignore[arg-type]
    flat = due.flatten(2)
    single = torch.einsum("nol,nkl->nok", flat, patches)
    biases = [] if layer.bias is None else [(flat.sum(dim=2).abs() ** power).sum(dim=0)]
    return [(single.abs() ** power).sum(dim=0), *biases]
