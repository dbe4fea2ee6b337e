"""Sums over rows of powers of single rows' gradients, against gradients that torch.func makes row by row."""

from __future__ import annotations

import pytest
import torch
from autotransfer_continual.row_gradients import powers
from torch import Tensor, nn
from torch.func import functional_call, grad, vmap

from autotransfer.nets import ConvSpec, MlpSpec, NetworkSpec

NETWORKS = {
    "mlp": (MlpSpec(5, (7, 6), norm="none"), 5),
    "conv": (ConvSpec(1, 8, (3, 4), 6, norm="none"), 64),
}


def objective(scores: Tensor) -> Tensor:
    return scores.log_softmax(dim=1)[:, 1] + scores[:, 0] ** 2


@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize(("backbone", "width"), NETWORKS.values(), ids=NETWORKS)
def test_they_are_those_of_one_row_at_a_time(backbone, width, power) -> None:
    """sum_rows |g_row|^power, more rows than are passed at once."""
    network = NetworkSpec(backbone, 3).build()
    X = torch.randn(150, width)
    found = powers(lambda rows: network(rows).scores, network, X, [objective], power)

    def of_row(parameters, row: Tensor) -> Tensor:
        return objective(functional_call(network, parameters, (row[None],)).scores)[0]

    parameters = {name: part.detach() for name, part in network.named_parameters()}
    single = vmap(grad(of_row), in_dims=(None, 0))(parameters, X)
    expected = torch.cat([(part.abs() ** power).sum(dim=0).flatten() for part in single.values()])
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def test_other_layers_are_refused() -> None:
    network = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))
    with pytest.raises(TypeError, match="not BatchNorm1d"):
        powers(network, network, torch.randn(5, 4), [objective], 2)
