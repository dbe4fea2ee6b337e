"""Online EWC: the running Fisher information, and EWC where there are two tasks."""

from __future__ import annotations

import torch
from autotransfer_continual.course import Scenario
from autotransfer_continual.ewc import Anchored
from autotransfer_continual.fisher import diagonal
from autotransfer_continual.online_ewc import Running
from autotransfer_continual.pupil import teach

from autotransfer.nets import Plan


def test_importance_fades_and_is_added(make_course, make_pupil) -> None:
    """After the second lesson: decay * F_1 + F_2, held at the last parameters."""
    pupil = make_pupil(make_course(Scenario.DOMAIN, lessons=3))
    strategy = Running(pupil, 10.0, 0.25)
    teach(strategy, 0, Plan(epochs=3))
    first = strategy.anchor.importance
    teach(strategy, 1, Plan(epochs=3))
    torch.testing.assert_close(strategy.anchor.importance, 0.25 * first + diagonal(pupil))
    torch.testing.assert_close(strategy.anchor.place, pupil.vector().detach())


def test_with_two_tasks_it_is_ewc(make_course, make_pupil) -> None:
    """The same parameters after both lessons."""
    found = []
    for made in (lambda pupil: Anchored(pupil, 10.0), lambda pupil: Running(pupil, 10.0, 0.5)):
        torch.default_generator.manual_seed(1)
        pupil = make_pupil(make_course(Scenario.DOMAIN))
        strategy = made(pupil)
        for index in range(2):
            teach(strategy, index, Plan(epochs=5))
        found.append(pupil.vector().detach())
    torch.testing.assert_close(*found)
