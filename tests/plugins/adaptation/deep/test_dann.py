"""DANN: the reversed gradient, its schedule, what the domain classifier ends with, and its failures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from autotransfer_adaptation.deep.dann import Dann
from autotransfer_adaptation.deep.reversal import domain_loss, reverse_gradient, strength_at
from autotransfer_adaptation.deep.source_network import SourceNetwork

from autotransfer.data import Dataset
from autotransfer.errors import TrainingError
from autotransfer.predictor import Predictor
from autotransfer.task import Context


def accuracy(predictor: Predictor, test: Dataset) -> float:
    return float(np.mean(predictor.predict(test).argmax(axis=1) == test.labels))


@pytest.mark.parametrize("strength", [0.0, 0.3, 2.0])
def test_the_gradient_is_reversed_and_the_value_is_not(strength: float) -> None:
    """d/dx f(R(x)) = -strength f'(x), and R(x) = x."""
    x = torch.randn(5, 3, dtype=torch.float64, requires_grad=True)
    (plain,) = torch.autograd.grad((x**3).sum(), x)
    reversed_x = reverse_gradient(x, strength)
    assert torch.equal(reversed_x, x)
    (found,) = torch.autograd.grad((reversed_x**3).sum(), x)
    torch.testing.assert_close(found, -strength * plain)


def test_the_strength_rises_as_in_the_paper() -> None:
    """2 / (1 + exp(-10 p)) - 1: 0 at the start, 0.9999 at the end."""
    progress = np.linspace(0, 1, 11)
    found = [strength_at(p) for p in progress]
    np.testing.assert_allclose(found, 2 / (1 + np.exp(-10 * progress)) - 1, atol=1e-12)
    assert found[0] == 0.0
    assert found[-1] == pytest.approx(0.9999, abs=1e-4)


def test_the_domain_loss_is_the_cross_entropy_with_both_domains_weighing_the_same() -> None:
    """Against NumPy in double: -log sigmoid(source), -log(1 - sigmoid(target)), means of unequal numbers of rows."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=7), rng.normal(size=3)
    u, v = rng.uniform(size=7), rng.uniform(size=3)
    losses = -np.log(1 / (1 + np.exp(-a))), -np.log(1 - 1 / (1 + np.exp(-b)))
    logits = torch.tensor(a)[:, None], torch.tensor(b)[:, None]
    assert float(domain_loss(*logits)) == pytest.approx((losses[0].mean() + losses[1].mean()) / 2)
    weighted = domain_loss(*logits, (torch.tensor(u), torch.tensor(v)))
    assert float(weighted) == pytest.approx(((losses[0] * u).mean() + (losses[1] * v).mean()) / 2)


def test_it_follows_the_turned_moons_of_its_paper(turned) -> None:
    """Moons turned by 35 degrees: better than the same network without it, and no target label was seen."""
    task, source, test = turned()
    plain, found = (accuracy(m.fit(task, source, Context()), test) for m in (SourceNetwork(), Dann()))
    assert found > plain + 0.02


def test_target_labels_enter_the_loss(turned) -> None:
    """Moons turned half around: the source's labels mislead, twenty labels with a large weight put it right."""
    task, source, test = turned(degrees=180, n_labeled=20)
    low, high = (accuracy(Dann(target_weight=w).fit(task, source, Context()), test) for w in (0.01, 10.0))
    assert low < 0.5
    assert high > 0.8


def test_one_class_for_the_whole_target_is_a_failure_with_its_reason(turned) -> None:
    """Target rows that are all the same end in one class."""
    task, source, _ = turned()
    same = replace(task, unlabeled=task.unlabeled.with_inputs(np.ones_like(task.unlabeled.X)))
    with pytest.raises(TrainingError, match="collapsed: every target row"):
        Dann().fit(same, source, Context())
