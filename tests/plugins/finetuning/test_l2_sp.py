"""The penalty in NumPy, and what a large one does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from autotransfer_finetuning.l2_sp import L2Sp, penalty

from autotransfer.task import Context
from autotransfer.testing.problems import ToyProblem
from autotransfer.tuning import Tuning


def test_the_penalty_is_the_papers(problem: ToyProblem, begin: Callable[[ToyProblem], Tuning]) -> None:
    tuning = begin(problem)
    head = sum(float(np.square(p.detach().numpy()).sum()) for p in tuning.network.head.parameters())
    assert float(penalty(tuning, 3.0, 0.5).detach()) == pytest.approx(0.25 * head, rel=1e-5)
    with torch.no_grad():
        for parameter in tuning.parameters().values():
            parameter.add_(0.1)
    moved = sum(parameter.numel() for parameter in tuning.parameters().values()) * 0.01
    assert float(penalty(tuning, 3.0, 0.5).detach()) == pytest.approx(1.5 * moved + 0.25 * head, rel=1e-3)


def test_a_large_alpha_holds_the_network_where_it_was(images: ToyProblem) -> None:
    base = images.source.encoder.build().state_dict()
    moved = []
    for alpha in (1e-3, 1e3):
        arrays = L2Sp(alpha=alpha).fit(images.task, images.source, Context()).arrays
        moved.append(sum(float(np.square(arrays[f"backbone.{name}"] - base[name].numpy()).sum()) for name in base))
    assert moved[1] < moved[0] / 5
