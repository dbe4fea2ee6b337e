"""DAN: what is added to the loss, and what training makes of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_adaptation.deep.dan import Dan
from autotransfer_adaptation.deep.method import Views
from autotransfer_adaptation.deep.mmd import multi_kernel_mmd
from autotransfer_adaptation.deep.source_network import SourceNetwork

from autotransfer.nets.network import Outputs
from autotransfer.task import Context


@pytest.mark.parametrize("weight", [0.5, 2.0])
def test_both_layers_are_penalised(weight: float) -> None:
    """weight * (MMD^2 of the representations + MMD^2 of the scores)."""
    source, target = (Outputs(torch.randn(9, 5), torch.randn(9, 3)) for _ in range(2))
    found = Dan(weight=weight).penalty(None)(Views(source, target, torch.zeros(9), 0.5))
    expected = weight * (multi_kernel_mmd(source.z, target.z) + multi_kernel_mmd(source.scores, target.scores))
    torch.testing.assert_close(found, expected)


def test_training_brings_the_representations_together(turned) -> None:
    """Of rows that it has not seen: a smaller MMD^2 than after training without it."""
    task, source, test = turned()
    found = []
    for method in (SourceNetwork(), Dan()):
        model = method.fit(task, source, Context())
        sides = ((model, test), (model.for_source(), source.rows))
        here, there = (torch.tensor(way.represent(rows)) for way, rows in sides)
        found.append(float(multi_kernel_mmd(here, there)))
    assert found[1] < found[0] / 3


def test_it_follows_the_turned_moons(turned) -> None:
    task, source, test = turned()
    plain, found = (
        np.mean(m.fit(task, source, Context()).predict(test).argmax(1) == test.labels)
        for m in (SourceNetwork(epochs=40, rate=3e-3), Dan(epochs=40, rate=3e-3))
    )
    assert found > plain
