"""T3A's prototypes against loops over support sets."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_adaptation.deep.source_network import SourceNetwork
from autotransfer_adaptation.testtime.t3a import T3a, prototypes

from autotransfer.task import Context


def reference(weight: np.ndarray, bias: np.ndarray, z: np.ndarray, scores: np.ndarray, most: int) -> np.ndarray:
    """Algorithm 1 of the paper, row by row."""
    supports = [(w, w @ weight.T + bias) for w in weight] + list(zip(z, scores, strict=True))
    found = []
    for label in range(len(weight)):
        members = []
        for member, said in supports:
            p = np.exp(said - said.max())
            p /= p.sum()
            if p.argmax() == label:
                members.append((-(p * np.log(p)).sum(), member / np.linalg.norm(member)))
        members.sort(key=lambda pair: pair[0])
        total = sum((direction for _, direction in members[:most]), start=np.zeros(weight.shape[1]))
        found.append(total / max(np.linalg.norm(total), 1e-12))
    return np.array(found)


@pytest.mark.parametrize("most", [1, 4, 1000])
def test_prototypes_equal_the_algorithm(most: int) -> None:
    rng = np.random.default_rng(0)
    weight, bias, z = rng.normal(size=(3, 5)), rng.normal(0, 0.1, 3), rng.normal(size=(40, 5))
    scores = z @ weight.T + bias
    found = prototypes(*(torch.tensor(part) for part in (weight, bias, z, scores)), most)
    np.testing.assert_allclose(found, reference(weight, bias, z, scores, most), atol=1e-9)


def test_without_target_rows_the_directions_of_the_head_stay() -> None:
    """Each class's own weights are its first support."""
    weight = 3 * torch.eye(4, dtype=torch.float64)
    empty = torch.empty(0, 4, dtype=torch.float64)
    torch.testing.assert_close(prototypes(weight, torch.zeros(4).double(), empty, empty, 5), weight / 3)


def test_only_the_head_changes_and_it_stays_useful(corrupted) -> None:
    task, source, test = corrupted
    before, found = (method.fit(task, source, Context()) for method in (SourceNetwork(), T3a()))
    assert set(found.source_arrays) == {"heads.0.weight", "heads.0.bias"}
    np.testing.assert_array_equal(found.represent(test), before.represent(test))
    scores = [np.mean(model.predict(test).argmax(1) == test.labels) for model in (before, found)]
    assert scores[1] > scores[0] - 0.02
