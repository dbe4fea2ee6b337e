"""The game of backbone and heads: the discrepancy, and who moves it where."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_adaptation.deep.discrepancy_game import discrepancy, game

from autotransfer.nets import MlpSpec, NetworkSpec, Plan
from autotransfer.nets.network import Network
from autotransfer.nets.seeding import reproducible
from autotransfer.nets.training import train
from autotransfer.task import Context


def network(heads: int) -> Network:
    with reproducible(0, "cpu"):
        return NetworkSpec(MlpSpec(4, (8,)), 3, heads=heads, hidden=8).build()


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_discrepancy_is_the_mean_absolute_difference_of_each_pair(pairs: int) -> None:
    """In NumPy: over rows and classes, summed over (0, 1), (2, 3), ..."""
    played = network(2 * pairs).eval()
    z = torch.randn(7, 8)
    with torch.no_grad():
        p = [head(z).softmax(1).numpy() for head in played.heads]
        found = float(discrepancy(played, z))
    expected = sum(np.abs(p[2 * k] - p[2 * k + 1]).mean() for k in range(pairs))
    assert found == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("move", "direction"), [(1, 1), (2, -1)])
def test_heads_raise_it_and_the_backbone_lowers_it(move: int, direction: int) -> None:
    """Each move alone, without labelled rows; the other player's parameters stay."""
    played, X = network(2), torch.randn(64, 4)

    def nothing(batch: object) -> torch.Tensor:
        return sum((p.sum() for p in played.heads.parameters()), start=torch.zeros(())) * 0.0

    turn = game(played, nothing, nothing, 0, repeats=1)[move]
    with torch.no_grad():
        before = float(discrepancy(played, played.backbone(X)))
    weights = {name: tensor.clone() for name, tensor in played.named_parameters()}
    train(played, [turn], [(X,)], Plan(epochs=30, rate=1e-2), Context())
    played.train()
    with torch.no_grad():
        after = float(discrepancy(played, played.backbone(X)))
    assert np.sign(after - before) == direction
    mover = "heads" if move == 1 else "backbone"
    moved = {name.split(".")[0] for name, p in played.named_parameters() if not torch.equal(p, weights[name])}
    assert moved == {mover}


def test_the_backbone_moves_as_often_as_told() -> None:
    turns = game(network(2), lambda batch: torch.zeros(()), lambda batch: torch.zeros(()), 0, repeats=3)
    assert [turn.repeats for turn in turns] == [1, 1, 3]
