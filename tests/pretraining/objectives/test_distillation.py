from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from autotransfer.errors import InputError
from autotransfer.pretrained.entry import save_entry
from autotransfer.pretrained.network import PretrainedNetwork
from autotransfer.pretrained.specs import ResNetSpec, VitSpec
from autotransfer.pretraining.distilled import Distilled
from autotransfer.pretraining.objectives.distillation import Distillation, Teacher, growing, softened, teacher_of

SPEC = VitSpec(16, 4, 8, 1, 2, stem=(4, 8))
RESNET = ResNetSpec(16, (4, 8), (1, 1), 1)


def _teacher(classes: int = 3) -> Teacher:
    torch.manual_seed(0)
    return Teacher(RESNET.build(), torch.randn(classes, 8), torch.zeros(classes))


def _objective(recipe: Distilled) -> Distillation:
    torch.manual_seed(1)
    return Distillation(SPEC.build(), SPEC, 3, recipe, _teacher())


def _rows() -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(2)
    return torch.randint(0, 256, (6, 3, 16, 16), dtype=torch.uint8), torch.tensor([0, 1, 2, 0, 1, 2])


def test_crops_grow_from_a_half_to_all_in_whole_patches() -> None:
    edges = [growing(VitSpec(64, 8), progress / 100) for progress in range(101)]
    assert edges == sorted(edges)
    assert (edges[0], edges[-1]) == (32, 64)
    assert {edge % 8 for edge in edges} == {0}


def test_softened_is_the_divergence_by_hand() -> None:
    """T^2 · mean over rows of sum_k p_k log(p_k / q_k), p and q at temperature T; zero where both agree."""
    scores, advice = torch.randn(2, 5, 4).double()
    p, q = (advice / 3).softmax(dim=1), (scores / 3).softmax(dim=1)
    expected = 9 * (p * (p / q).log()).sum(dim=1).mean()
    torch.testing.assert_close(softened(scores, advice, 3.0), expected)
    assert float(softened(scores, scores + 7.0, 3.0)) == pytest.approx(0.0, abs=1e-12)


def test_the_loss_of_a_head_that_knows_nothing_is_the_logarithm_of_the_classes() -> None:
    """Labels alone, as in the supervised recipe."""
    objective = _objective(Distilled(trust=0.0, hint=0.0))
    nn.init.zeros_(objective.head.weight)
    nn.init.zeros_(objective.head.bias)
    torch.testing.assert_close(objective(*_rows(), 0.0), torch.tensor(3.0).log())


def test_the_hint_is_one_for_a_student_that_says_nothing() -> None:
    """Maps normalised over planes have mean square 1 at each place (but for the norm's epsilon)."""
    objective = _objective(Distilled(trust=0.0, hint=1.0))
    for values in (objective.head.weight, objective.head.bias, objective.match.weight, objective.match.bias):
        nn.init.zeros_(values)
    hint = float(objective(*_rows(), 1.0).detach()) - float(torch.tensor(3.0).log())
    assert hint == pytest.approx(1.0, abs=0.1)


def test_the_teacher_never_changes() -> None:
    """Neither weights nor statistics, in training and after a step; the student has gradients everywhere."""
    objective = _objective(Distilled()).train()
    before = {name: value.clone() for name, value in objective.teacher.state_dict().items()}
    objective(*_rows(), 0.5).backward()
    assert all(torch.equal(value, before[name]) for name, value in objective.teacher.state_dict().items())
    trained = [(name, value) for name, value in objective.named_parameters() if value.requires_grad]
    assert trained
    assert all(value.grad is not None for _, value in trained)
    assert not any(name.startswith("teacher") for name, _ in trained)


@pytest.mark.parametrize(
    ("spec", "classes", "expected"), [(RESNET, 2, "2 classes, the data have 3"), (SPEC, 3, "residual network")]
)
def test_other_teachers_are_refused(spec: ResNetSpec | VitSpec, classes: int, expected: str, tmp_path: Path) -> None:
    arrays = {name: value.numpy() for name, value in spec.build().state_dict().items()}
    head = {"head.weight": torch.zeros(classes, 8).numpy(), "head.bias": torch.zeros(classes).numpy()}
    save_entry(tmp_path / "net", {"classes": list("abc")[:classes]}, PretrainedNetwork(spec, {**arrays, **head}))
    with pytest.raises(InputError, match=expected):
        teacher_of(str(tmp_path / "net"), 3)
