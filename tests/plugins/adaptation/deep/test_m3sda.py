"""M3SDA: the moments' distance against NumPy, and a pair of heads for each source."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
import torch
from autotransfer_adaptation.deep.m3sda import M3sda, moment_distance
from autotransfer_adaptation.deep.source_network import SourceNetwork

from autotransfer.task import Context


@pytest.mark.parametrize("count", [1, 2, 4])
def test_the_distance_is_equation_1_of_the_paper(count: int) -> None:
    """Norms of differences of E[z] and E[z^2]: the mean over sources, and the mean over pairs of sources."""
    rng = np.random.default_rng(0)
    sources = [rng.normal(k, 1 + k, (6 + k, 3)) for k in range(count)]
    target = rng.normal(size=(5, 3))
    expected = 0.0
    for power in (1, 2):
        means = [np.mean(z**power, axis=0) for z in sources]
        expected += np.mean([np.linalg.norm(mean - np.mean(target**power, axis=0)) for mean in means])
        pairs = [np.linalg.norm(a - b) for a, b in combinations(means, 2)]
        expected += np.mean(pairs) if pairs else 0.0
    found = moment_distance([torch.tensor(z) for z in sources], torch.tensor(target))
    assert float(found) == pytest.approx(expected, rel=1e-6)


def test_equal_representations_have_a_finite_gradient() -> None:
    z = torch.ones(4, 2, requires_grad=True)
    moment_distance([z], torch.ones(3, 2)).backward()
    assert torch.isfinite(z.grad).all()


def test_each_domain_has_a_pair_of_heads_and_the_target_is_followed(moved) -> None:
    """Two halves of the source as its domains, the target moved: better than the network trained on the source."""
    task, source, test = moved
    halves = replace(source, data=replace(source.rows, domain=np.arange(len(source.rows)) % 2))
    plain, found = (method.fit(task, halves, Context()) for method in (SourceNetwork(), M3sda()))
    assert found.spec.heads == 4
    scores = [np.mean(model.predict(test).argmax(1) == test.labels) for model in (plain, found)]
    assert scores[1] > scores[0] + 0.05


def test_a_source_without_domains_is_one(turned) -> None:
    task, source, _ = turned()
    assert M3sda().fit(task, source, Context()).spec.heads == 2


def test_many_domains_share_the_last_pair(turned) -> None:
    """Twelve domains, eight pairs."""
    task, source, _ = turned()
    domain = np.arange(len(source.rows)) % 12
    many = replace(source, data=replace(source.rows, domain=domain))
    assert M3sda(epochs=10).fit(task, many, Context()).spec.heads == 16
