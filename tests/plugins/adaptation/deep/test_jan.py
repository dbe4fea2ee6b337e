"""JAN: what is added to the loss, and what training makes of it."""

from __future__ import annotations

import torch
from autotransfer_adaptation.deep.jan import Jan
from autotransfer_adaptation.deep.method import Views
from autotransfer_adaptation.deep.mmd import joint_mmd
from autotransfer_adaptation.deep.source_network import SourceNetwork

from autotransfer.nets.network import Outputs
from autotransfer.nets.predictor import NetworkPredictor
from autotransfer.task import Context


def test_representation_and_probabilities_are_penalised_jointly() -> None:
    """weight * JMMD^2 of (z, softmax(scores)), whose second bandwidth is 1.68."""
    source, target = (Outputs(torch.randn(9, 5), torch.randn(9, 3)) for _ in range(2))
    found = Jan(weight=2.0).penalty(None)(Views(source, target, torch.zeros(9), 0.5))
    pairs = ((side.z, side.scores.softmax(1)) for side in (source, target))
    torch.testing.assert_close(found, 2.0 * joint_mmd(*pairs, 1.68))


def test_training_brings_the_joint_distributions_together(turned) -> None:
    """Of rows that it has not seen: a smaller JMMD^2 than after training without it."""
    task, source, test = turned()

    def distance(model: NetworkPredictor) -> float:
        sides = ((model, test), (model.for_source(), source.rows))
        pairs = ((torch.tensor(way.represent(rows)), torch.tensor(way.predict(rows))) for way, rows in sides)
        return float(joint_mmd(*pairs, 1.68))

    plain, found = (distance(method.fit(task, source, Context())) for method in (SourceNetwork(), Jan()))
    assert found < plain / 2
