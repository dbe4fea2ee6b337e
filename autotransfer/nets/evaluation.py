"""What a trained network says of many rows."""

from __future__ import annotations

import torch
from torch import Tensor

from autotransfer.nets.network import Network, Outputs

CHUNK = 1024
"""Rows that are passed at once."""


def outputs(network: Network, X: Tensor) -> Outputs:
    """Representations and scores of rows (n, d), without gradients, in the network's present mode."""
    with torch.no_grad():
        parts = [network(chunk) for chunk in torch.split(X, CHUNK)]
    return Outputs(torch.cat([part.z for part in parts]), torch.cat([part.scores for part in parts]))
