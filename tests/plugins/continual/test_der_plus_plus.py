"""DER++: its loss against NumPy, with scores as they were."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_continual.course import Scenario
from autotransfer_continual.der_plus_plus import Dark

from autotransfer.nets.batches import Batch


def test_the_loss_has_three_parts(make_course, make_pupil) -> None:
    """The batch's loss, alpha * mean (f(x) - kept scores)² over rows and outputs, beta * the loss of kept labels. The
    memory holds the 12 rows of the first lesson, all of which are drawn."""
    pupil = make_pupil(make_course(Scenario.CLASS))
    strategy = Dark(pupil, 100, 0.3, 0.7)
    first, second = pupil.course.lessons
    before = pupil.scores(first.X).detach().numpy()
    strategy.loss(Batch(((first.X, first.y),), 0, 0.0))
    pupil.now = 1
    with torch.no_grad():
        pupil.network.heads[0].weight += 0.2
    now = pupil.scores(first.X).detach().numpy()
    plain, kept = (float(pupil.loss(pupil.scores(part.X), part.y, 0).detach()) for part in (second, first))
    expected = plain + 0.3 * np.mean((now - before) ** 2) + 0.7 * kept
    assert float(strategy.loss(Batch(((second.X, second.y),), 0, 0.0)).detach()) == pytest.approx(expected, rel=1e-5)
