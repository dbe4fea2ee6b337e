"""Replay: the loss is that of the batch and of kept rows together."""

from __future__ import annotations

import pytest
import torch
from autotransfer_continual.course import Scenario
from autotransfer_continual.experience_replay import Replaying
from autotransfer_continual.pupil import teach

from autotransfer.nets import Plan
from autotransfer.nets.batches import Batch


def test_the_loss_is_the_mean_over_both(make_course, make_pupil) -> None:
    """The memory holds all 12 rows of the first lesson; with a batch of 12 of the second all of them are drawn."""
    pupil = make_pupil(make_course(Scenario.TASK))
    strategy = Replaying(pupil, 100)
    first, second = pupil.course.lessons
    strategy.loss(Batch(((first.X, first.y),), 0, 0.0))
    pupil.now = 1
    found = float(strategy.loss(Batch(((second.X, second.y),), 0, 0.0)).detach())
    expected = [
        float(pupil.loss(pupil.scores(part.X), part.y, index).detach()) for index, part in enumerate((first, second))
    ]
    assert found == pytest.approx(sum(expected) / 2, rel=1e-5)
    assert len(strategy.memory) == 24


def test_the_first_task_is_not_forgotten(make_course, make_pupil) -> None:
    """Its loss after the second lesson is smaller than without replay."""
    from autotransfer_continual.strategy import Plain

    losses = []
    for made in (lambda pupil: Replaying(pupil, 100), Plain):
        torch.default_generator.manual_seed(1)
        pupil = make_pupil(make_course(Scenario.DOMAIN))
        strategy = made(pupil)
        for index in range(2):
            teach(strategy, index, Plan(epochs=50, rate=0.05))
        lesson = pupil.course.lessons[0]
        losses.append(float(pupil.loss(pupil.scores(lesson.X), lesson.y, 0).detach()))
    assert losses[0] < losses[1] - 0.1
