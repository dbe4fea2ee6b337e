"""A-GEM: the gradient of its loss is the projection in closed form."""

from __future__ import annotations

import pytest
import torch
from autotransfer_continual.a_gem import Projecting, excess
from autotransfer_continual.course import Course, Lesson, Scenario
from autotransfer_continual.pupil import teach

from autotransfer.nets import Plan
from autotransfer.nets.batches import Batch


def flat(loss: torch.Tensor, parameters: list[torch.nn.Parameter]) -> torch.Tensor:
    return torch.cat([part.flatten() for part in torch.autograd.grad(loss, parameters)])


@pytest.mark.parametrize("against", [True, False])
def test_the_gradient_is_projected_where_it_points_against_that_of_kept_rows(make_pupil, against: bool) -> None:
    """g - (g.r / r.r) r where g.r < 0, after which g.r is 0; else g. The network knows the first lesson; the second
    has the same rows, with other labels or with the same."""
    X, y = torch.randn(12, 4), torch.arange(12) % 3
    lessons = (Lesson(X, y, 0, 3), Lesson(X, (y + 1) % 3 if against else y, 0, 3))
    pupil = make_pupil(Course(lessons, Scenario.DOMAIN))
    strategy = Projecting(pupil, 100)
    teach(strategy, 0, Plan(epochs=30, rate=0.05))
    pupil.now = 1
    batch = Batch(((lessons[1].X, lessons[1].y),), 0, 0.0)
    g, r = (flat(pupil.loss(pupil.scores(part.X), part.y, 0), pupil.parameters) for part in lessons[::-1])
    found = flat(strategy.loss(batch), pupil.parameters)
    assert bool(g @ r < 0) is against
    expected = g - (g @ r) / (r @ r) * r if against else g
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-6)
    assert float(found @ r) >= -1e-5


def test_a_gradient_of_nothing_is_no_direction() -> None:
    assert float(excess([torch.ones(3)], [torch.zeros(3)])) == 0.0


def test_each_task_before_the_last_gets_an_equal_share(make_course, make_pupil) -> None:
    """Nine rows of memory, two tasks before the last: four rows each, with their lessons."""
    pupil = make_pupil(make_course(Scenario.TASK, lessons=3))
    strategy = Projecting(pupil, 9)
    for index in range(2):
        pupil.now = index
        strategy.end()
    assert strategy.memory[2].tolist() == [0] * 4 + [1] * 4
    assert [int(label) // 3 for label in strategy.memory[1]] == [0] * 4 + [1] * 4
