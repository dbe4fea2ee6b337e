"""The training loop: it learns, repeats itself, obeys the clock, and moves what it is told to move."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from autotransfer.errors import OutOfTimeError, PrunedError, TrainingError
from autotransfer.nets import Plan
from autotransfer.nets.batches import Batch, Rows
from autotransfer.nets.clock import Clock
from autotransfer.nets.network import Network
from autotransfer.nets.plan import Group
from autotransfer.nets.training import Turn, train
from autotransfer.task import Context

Make = Callable[[], Network]


def turn(network: nn.Module, **more: object) -> Turn:
    def loss(batch: Batch) -> Tensor:
        X, y = batch.parts[0]
        return functional.cross_entropy(network(X).scores, y)

    return Turn(loss, [Group(list(network.parameters()), **more)])


def accuracy(network: Network, rows: Rows) -> float:
    with torch.no_grad():
        return float((network(rows[0]).scores.argmax(1) == rows[1]).float().mean())


@pytest.mark.parametrize("optimiser", ["adam", "sgd"])
def test_it_learns_what_can_be_learned(rows: Rows, make: Make, optimiser: str) -> None:
    """A plane between two classes."""
    network = make()
    plan = Plan(epochs=20, rate=1e-2, optimiser=optimiser)
    assert train(network, [turn(network)], [rows], plan, Context()) == plan.steps(200)
    assert not network.training
    assert accuracy(network, rows) > 0.95


def test_equal_seeds_give_equal_weights(rows: Rows, make: Make) -> None:
    found = []
    for seed in (1, 1, 2):
        network = make()
        train(network, [turn(network)], [rows], Plan(epochs=2), Context(seed=seed))
        found.append(torch.cat([p.detach().ravel() for p in network.parameters()]))
    assert torch.equal(found[0], found[1])
    assert not torch.equal(found[0], found[2])


@pytest.mark.parametrize("pieces", [2, 3, 8])
def test_accumulated_gradients_are_those_of_the_whole_batch(rows: Rows, pieces: int) -> None:
    """In double precision, without batch statistics, to 1e-12: the weights after 8 steps of SGD."""
    found = []
    for accumulate in (1, pieces):
        torch.manual_seed(0)
        network = Network(nn.Sequential(nn.Linear(4, 8), nn.Tanh()), [nn.Linear(8, 2)]).double()
        plan = Plan(epochs=2, rate=0.1, optimiser="sgd", accumulate=accumulate)
        train(network, [turn(network)], [(rows[0].double(), rows[1])], plan, Context())
        found.append(torch.cat([p.detach().ravel() for p in network.parameters()]))
    torch.testing.assert_close(found[0], found[1], rtol=0, atol=1e-12)


def test_each_turn_moves_its_own_parameters_alone(make: Make, rows: Rows) -> None:
    """Two players with opposite losses on one number: the sum of their moves, the rest of the network unmoved."""
    network = make()
    before = {name: tensor.clone() for name, tensor in network.named_parameters()}
    head = [network.heads[0].bias]
    moves: list[str] = []

    def record(name: str) -> Callable[[Batch], Tensor]:
        def loss(batch: Batch) -> Tensor:
            moves.append(name)
            return network(batch.parts[0][0]).scores.mean()

        return loss

    turns = [Turn(record("a"), [Group(head)]), Turn(record("b"), [Group(head)], repeats=2)]
    train(network, turns, [rows], Plan(epochs=1, batch=100), Context())
    assert moves == ["a", "b", "b"] * 2
    for name, tensor in network.named_parameters():
        assert torch.equal(tensor, before[name]) is (name != "heads.0.bias"), name


def test_frozen_factor_and_clipping(make: Make, rows: Rows) -> None:
    """A group of rate 0 stays; with SGD and clipping at c a first step is at most rate * c * (1 + momentum) long."""
    network = make()
    before = torch.cat([p.detach().ravel().clone() for p in network.parameters()])
    train(network, [turn(network, rate=0.0)], [rows], Plan(epochs=1), Context())
    assert torch.equal(torch.cat([p.detach().ravel() for p in network.parameters()]), before)
    plan = Plan(epochs=1, batch=200, rate=1.0, optimiser="sgd", clip=1e-3)
    train(network, [turn(network)], [rows], plan, Context())
    moved = torch.cat([p.detach().ravel() for p in network.parameters()]) - before
    assert 0 < float(moved.norm()) <= 1e-3 * 1.9 * (1 + 1e-5)


def test_the_best_epochs_weights_remain_and_patience_ends_it(make: Make, rows: Rows) -> None:
    """Scores 1, 3, 2, 2, ...: three epochs of patience after the second."""
    network, seen, reported = make(), [], []

    def judge() -> float:
        assert not network.training
        seen.append({name: tensor.clone() for name, tensor in network.state_dict().items()})
        return [1.0, 3.0, 2.0][min(len(seen) - 1, 2)]

    ctx = Context(report=lambda step, score: reported.append((step, score)))
    train(network, [turn(network)], [rows], Plan(epochs=30, patience=3), ctx, judge)
    assert reported == [(1, 1.0), (2, 3.0), (3, 2.0), (4, 2.0), (5, 2.0)]
    assert all(torch.equal(tensor, seen[1][name]) for name, tensor in network.state_dict().items())


def test_it_stops_for_the_clock_for_pruning_and_for_a_loss_that_is_not_finite(make: Make, rows: Rows) -> None:
    network = make()
    with pytest.raises(OutOfTimeError):
        train(network, [turn(network)], [rows], Plan(), Context(deadline=time.monotonic() - 1))

    def prune(step: int, score: float) -> None:
        raise PrunedError

    with pytest.raises(PrunedError):
        train(network, [turn(network)], [rows], Plan(), Context(report=prune), judge=lambda: 0.0)
    wild = Turn(lambda batch: network(batch.parts[0][0]).scores.mean() * float("nan"), turn(network).groups)
    with pytest.raises(TrainingError, match=r"not finite after 4 steps; lower"):
        train(network, [wild], [rows], Plan(), Context())


def test_a_late_group_stays_until_its_progress_and_moves_after(make: Make, rows: Rows) -> None:
    """Ten steps; the head moves from the sixth on. Each update is told."""
    network, seen = make(), []
    head, before = network.heads[0].weight, network.heads[0].weight.detach().clone()
    backbone = Group(list(network.backbone.parameters()))
    groups = [backbone, Group(list(network.heads.parameters()), since=0.5)]
    told = Turn(turn(network).loss, groups, moved=lambda progress: seen.append((progress, torch.equal(head, before))))
    train(network, [told], [rows], Plan(epochs=10, batch=200), Context())
    assert [progress for progress, _ in seen] == pytest.approx([step / 10 for step in range(10)])
    assert [same for _, same in seen] == [True] * 5 + [False] * 5


def test_training_ends_with_its_seconds_at_the_end_of_its_schedule(
    make: Make, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock of one second a step, eight seconds: eight steps of a thousand, judged at the end."""
    ticks = iter(range(10_000))
    monkeypatch.setattr("autotransfer.nets.training.Clock", lambda seconds: Clock(seconds, lambda: next(ticks)))
    network, seen = make(), []
    told = Turn(turn(network).loss, turn(network).groups, moved=seen.append)
    plan = Plan(epochs=1000, batch=200, most_steps=1000, seconds=8.0)
    assert train(network, [told], [rows], plan, Context(), judge=lambda: 0.0) == 8
    assert seen == pytest.approx([step / 8 for step in range(8)])


def test_checkpointed_training_gives_the_same_weights(make: Make, rows: Rows) -> None:
    """With batch normalisation, in double precision, to 1e-12: weights and statistics after 8 steps."""
    found = []
    for recompute in (False, True):
        network = make().double()
        plan = Plan(epochs=2, rate=0.1, optimiser="sgd", recompute=recompute)
        train(network, [turn(network)], [(rows[0].double(), rows[1])], plan, Context())
        found.append(torch.cat([tensor.double().ravel() for tensor in network.state_dict().values()]))
    torch.testing.assert_close(found[0], found[1], rtol=0, atol=1e-12)
