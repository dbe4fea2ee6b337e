"""Batch normalisation with the statistics of other rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor, nn

    from autotransfer.nets.network import Network


def normalisations(network: Network) -> list[nn.Module]:
    """The batch normalisations, in the order in which rows pass them."""
    from torch import nn

    return [module for module in network.modules() if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d)]


def take_statistics(network: Network, X: Tensor, prior_rows: float) -> None:
    """Replace the running mean and variance of each batch normalisation by ``N / (N + n)`` times themselves plus
    ``n / (N + n)`` times those of its inputs for the rows X (n, d), with N = ``prior_rows``. Layer by layer: the inputs
    are those under the statistics that the layers before have then.
    """
    from autotransfer.nets.evaluation import outputs

    share = len(X) / (len(X) + prior_rows)
    for layer in normalisations(network):
        sums: list[tuple[int, Tensor, Tensor]] = []

        def note(_: nn.Module, inputs: tuple[Tensor], sums: list[tuple[int, Tensor, Tensor]] = sums) -> None:
            values = inputs[0].double().transpose(0, 1).flatten(1)
            sums.append((values.shape[1], values.sum(dim=1), values.square().sum(dim=1)))

        handle = layer.register_forward_pre_hook(note)
        outputs(network, X)
        handle.remove()
        count, nothing = sum(part[0] for part in sums), sums[0][1].new_zeros(())
        mean = sum((part[1] for part in sums), start=nothing) / count
        variance = (sum((part[2] for part in sums), start=nothing) / count - mean.square()).clamp(min=0.0)
        for name, found in (("running_mean", mean), ("running_var", variance)):
            buffer = layer.get_buffer(name)
            buffer.copy_((1 - share) * buffer + share * found)
