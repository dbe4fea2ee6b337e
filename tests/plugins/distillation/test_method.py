"""What methods with a teacher share: the loss that is trained, and where its rows come from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from autotransfer_distillation.attention_transfer import AttentionTransfer
from autotransfer_distillation.contrastive_distillation import FORMS, ContrastiveDistillation
from autotransfer_distillation.hint_training import HintTraining
from autotransfer_distillation.knowledge_distillation import KnowledgeDistillation
from autotransfer_distillation.lesson import Lesson, teach
from autotransfer_distillation.maps import maps_in
from autotransfer_distillation.method import View, enough, learn, student_plan
from autotransfer_distillation.pupil import Sight, backbone_of, enlist, target_in_tensors
from autotransfer_distillation.relational_distillation import RelationalDistillation
from autotransfer_distillation.similarity_preserving import SimilarityPreserving

from autotransfer.errors import TrainingError
from autotransfer.nets import Plan
from autotransfer.nets.seeding import reproducible
from autotransfer.nets.trainee import Trainee
from autotransfer.task import Context

METHODS = [
    KnowledgeDistillation(),
    RelationalDistillation(),
    SimilarityPreserving(),
    *(ContrastiveDistillation(form=form) for form in FORMS),
]


@pytest.fixture(scope="module")
def lesson(texts) -> Lesson:
    with reproducible(0, "cpu"):
        return teach(texts.task, texts.source, Context(), epochs=0)


def new(problem, width: int = 16) -> Trainee:
    rows = target_in_tensors(problem.task, "cpu")
    return enlist(rows, backbone_of(rows, width), Context())


def test_the_loss_is_that_of_the_labels_plus_the_term(texts, lesson) -> None:
    """One step of plain descent by the sum moves the head's bias by its gradient: CE of labelled rows plus the term,
    which sees all rows with their own lesson."""
    with reproducible(0, "cpu"):
        pupil = new(texts)
        seen: list[View] = []

        def term(view: View) -> torch.Tensor:
            seen.append(view)
            return view.student.scores.sum() * 0.0

        learn(pupil, lesson, term, 1.0, Plan(epochs=1, batch=200))
    (view,) = seen
    assert sorted(view.index.tolist()) == list(range(len(lesson.z)))
    torch.testing.assert_close(view.lesson.scores, lesson.scores[view.index])
    torch.testing.assert_close(view.lesson.z, lesson.z[view.index])
    assert view.student.scores.shape == (len(lesson.z), 3)


@pytest.mark.parametrize("method", METHODS, ids=lambda m: f"{m.name} {getattr(m, 'form', '')}".strip())
def test_training_makes_the_term_small(texts, lesson, method) -> None:
    """On all rows: at most half of what it was for the untrained student."""
    with reproducible(0, "cpu"):
        pupil = new(texts, method.width)
        term = method.term(pupil, lesson)
        found = [_value(pupil, lesson, term)]
        learn(pupil, lesson, term, method.label_weight(), method.plan())
        found.append(_value(pupil, lesson, term))
    assert found[1] < found[0] / 2


def _value(pupil: Trainee, lesson: Lesson, term) -> float:
    pupil.modules.eval()
    with torch.no_grad():
        z, scores = pupil.network(pupil.rows.T)
        index = torch.arange(len(z))
        return float(term(View(Sight(None, z, scores), index, lesson, 0.0)))


@pytest.mark.parametrize("method", [HintTraining(epochs=30), AttentionTransfer(epochs=30)], ids=lambda m: m.name)
def test_maps_are_learned(images, method) -> None:
    """Maps that come from a student of the same form can be learned: the term falls to half."""
    with reproducible(0, "cpu"):
        pupil, other = new(images, method.width), new(images, method.width)
        other.network.eval()
        with torch.no_grad():
            maps = other.network.backbone[:-5](pupil.rows.T)
            z, scores = other.network(pupil.rows.T)
        lesson = Lesson(scores, z, maps)
        term = method.term(pupil, lesson)
        found = []
        for _ in range(2):
            pupil.modules.eval()
            with torch.no_grad():
                mine = pupil.network.backbone[:-5](pupil.rows.T)
                found.append(float(term(View(Sight(mine, z, scores), torch.arange(len(z)), lesson, 0.0))))
            learn(pupil, lesson, term, 0.0, method.plan())
    assert found[1] < found[0] / 2


@pytest.mark.parametrize(("rows", "epochs"), [(10, 45), (64, 45), (120, 23), (10_000, 15)])
def test_few_rows_get_more_epochs(rows: int, epochs: int) -> None:
    """At least 45 steps of 64 rows; 15 epochs where that is more."""
    plan = enough(student_plan(15, 1e-3), rows)
    assert plan.epochs == epochs
    assert plan.steps(rows) >= 45


def test_a_student_without_convolutions_has_no_maps() -> None:
    with pytest.raises(TrainingError, match="a network has none"):
        maps_in(Lesson(torch.zeros(1, 2), torch.zeros(1, 2)))


def test_unlabelled_rows_bring_the_student_nearer_to_its_teacher(texts) -> None:
    """Agreement with the frozen teacher on unseen rows, with and without them."""
    method = KnowledgeDistillation(teacher_epochs=0)
    with reproducible(0, "cpu"):
        probe = teach(replace(texts.task, unlabeled=texts.test.without_labels()), texts.source, Context(), 0)
    told = probe.scores[len(texts.task.train) :].argmax(dim=1).numpy()
    agreed = [
        np.mean(method.fit(task, texts.source, Context()).predict(texts.test.without_labels()).argmax(axis=1) == told)
        for task in (texts.task, replace(texts.task, unlabeled=None))
    ]
    assert agreed[0] > agreed[1]
