"""The checks on adversarial training: they speak up when it failed, and only then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from autotransfer_adaptation.deep.watch import AdversaryWatch, refuse_collapse, separable

from autotransfer.errors import TrainingError
from autotransfer.nets.network import Network
from autotransfer.nets.rows import DeepRows, gather

STEPS = 200


@pytest.fixture
def rows(turned) -> DeepRows:
    task, source, _ = turned()
    return gather(task, source, "cpu")


def moved(rows: DeepRows) -> DeepRows:
    """The same, the target far away."""
    return replace(rows, T=rows.T + 3.0)


def play(watch: AdversaryWatch, accuracy: float, early: float | None = None, shift: float = 1.0) -> None:
    """A training in which so large a share of both domains is told apart, in the first tenth another share; the domains
    are ``shift`` standard deviations apart."""
    generator = torch.Generator().manual_seed(0)
    for step in range(STEPS):
        share = early if early is not None and step < STEPS / 10 else accuracy
        logits = torch.where(torch.arange(100) < round(100 * share), 1.0, -1.0)[:, None]
        given = torch.randn(2, 100, 4, generator=generator)
        given[1, :, 0] += shift
        watch.see((given[0], given[1]), (logits, -logits), step / STEPS)


def test_an_adversary_that_never_learned_is_a_failure() -> None:
    """The domains differ, and yet its accuracy was a half throughout."""
    with pytest.raises(TrainingError, match=r"stuck at 0\.50 from the start"):
        play(AdversaryWatch(), 0.5)


def test_an_adversary_that_was_beaten_is_none() -> None:
    """It told them apart at first: the game that the method is meant to win."""
    watch = AdversaryWatch()
    play(watch, 0.5, early=0.9)
    assert watch.accuracy == pytest.approx(0.5)


def test_domains_that_do_not_differ_need_no_adversary() -> None:
    """Accuracy of a half is right where nothing tells them apart."""
    play(AdversaryWatch(), 0.5, shift=0.0)


@pytest.mark.parametrize(("shift", "expected"), [(0.0, False), (0.2, False), (2.0, True)])
@pytest.mark.parametrize(("m", "n"), [(400, 400), (1500, 60), (40, 800)])
def test_separable_means_that_a_linear_classifier_sees_it(shift: float, expected: bool, m: int, n: int) -> None:
    """Gaussians whose means are ``shift`` standard deviations apart, with any numbers of rows."""
    rng = np.random.default_rng(0)
    S, T = rng.normal(size=(m, 5)), rng.normal(size=(n, 5))
    T[:, 0] += shift
    assert separable(S, T) is expected


def test_one_class_for_all_target_rows_is_a_collapse_unless_the_source_gets_one_too(rows: DeepRows) -> None:
    def network(X: torch.Tensor) -> torch.Tensor:
        return torch.stack([X[:, 0], 1.0 - X[:, 0]], dim=1)

    class Head(torch.nn.Module):
        def forward(self, X: torch.Tensor) -> torch.Tensor:
            return network(X)

    told = Network(torch.nn.Identity(), [Head()])
    refuse_collapse(rows, told)
    with pytest.raises(TrainingError, match="it collapsed: every target row is given one class"):
        refuse_collapse(moved(rows), told)
    refuse_collapse(replace(moved(rows), S=rows.S + 3.0), told)
