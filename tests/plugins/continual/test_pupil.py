"""The masked loss against NumPy, and the order of what happens in a lesson."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_continual.course import Scenario
from autotransfer_continual.pupil import teach
from autotransfer_continual.strategy import Plain, Strategy

from autotransfer.nets import Plan


def test_the_loss_is_the_cross_entropy_among_the_outputs_that_compete(make_course, make_pupil) -> None:
    """-log softmax over a row's own lesson's outputs, rows of two lessons together."""
    pupil = make_pupil(make_course(Scenario.TASK))
    scores, y, lessons = torch.randn(4, 6), torch.tensor([0, 2, 3, 5]), torch.tensor([0, 0, 1, 1])
    expected = []
    for row, label, lesson in zip(scores.double().numpy(), y.numpy(), lessons.numpy(), strict=True):
        own = row[3 * lesson : 3 * lesson + 3]
        expected.append(np.log(np.exp(own).sum()) - row[label])
    assert float(pupil.loss(scores, y, lessons).detach()) == pytest.approx(np.mean(expected), rel=1e-5)


def test_outputs_that_do_not_compete_do_not_move(make_course, make_pupil) -> None:
    """Told which task: the first lesson leaves the rows of the last layer that belong to the second."""
    pupil = make_pupil(make_course(Scenario.TASK))
    before = pupil.network.heads[0].weight.detach().clone()
    teach(Plain(pupil), 0, Plan(epochs=3))
    after = pupil.network.heads[0].weight.detach()
    assert not torch.allclose(before[:3], after[:3])
    assert torch.equal(before[3:], after[3:])


def test_a_lesson_begins_moves_and_ends(make_course, make_pupil) -> None:
    told: list[str] = []

    class Listening(Strategy):
        def begin(self) -> None:
            told.append(f"begin {self.pupil.now}")

        def loss(self, batch) -> torch.Tensor:
            told.append("loss")
            return self.pupil.batch_loss(batch)

        def moved(self, progress: float) -> None:
            told.append("moved")

        def end(self) -> None:
            told.append(f"end {self.pupil.now}")

    teach(Listening(make_pupil(make_course())), 1, Plan(epochs=2))
    assert told == ["begin 1", "loss", "moved", "loss", "moved", "end 1"]
