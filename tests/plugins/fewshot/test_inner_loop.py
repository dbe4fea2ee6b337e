"""The meta-gradient of MAML and ANIL against float64 computations that know nothing of torch.func."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from autotransfer_fewshot.anil import Anil
from autotransfer_fewshot.inner_loop import InnerLoop, descended, scores_of
from autotransfer_fewshot.lessons import Lesson
from autotransfer_fewshot.maml import Maml
from torch.nn import functional

from autotransfer.nets import MlpSpec, NetworkSpec
from autotransfer.nets.seeding import reproducible
from autotransfer.task import Context

SPEC = NetworkSpec(MlpSpec(4, (3,), norm="layer"), 3)


def episode() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng(0)
    X, Q = (torch.from_numpy(rng.normal(size=(n, 4))) for n in (6, 9))
    return X, torch.arange(6) % 3, Q, torch.arange(9) % 3


def network() -> torch.nn.Module:
    with reproducible(3, "cpu"):
        return SPEC.build().double()


def meta_loss(weights: dict[str, torch.Tensor], how: InnerLoop, *, second: bool) -> torch.Tensor:
    """The inner loop unrolled by hand with autograd: theta' = theta - a dL/dtheta, again and again."""
    X, y, Q, q = episode()
    fast = dict(weights)
    module = network()

    def scores(values: dict[str, torch.Tensor], rows: torch.Tensor) -> torch.Tensor:
        hidden = functional.linear(rows, values["backbone.0.weight"], values["backbone.0.bias"])
        hidden = functional.layer_norm(hidden, (3,), values["backbone.1.weight"], values["backbone.1.bias"]).relu()
        return functional.linear(hidden, values["heads.0.weight"], values["heads.0.bias"])

    assert set(fast) == dict(module.named_parameters()).keys()
    for _ in range(how.steps):
        moving = [name for name in fast if how.moves(name)]
        inner = functional.cross_entropy(scores(fast, X), y)
        gradients = torch.autograd.grad(inner, [fast[name] for name in moving], create_graph=second)
        fast |= {name: fast[name] - how.step * gradient for name, gradient in zip(moving, gradients, strict=True)}
    return functional.cross_entropy(scores(fast, Q), q)


def gradient_of(how: InnerLoop) -> dict[str, torch.Tensor]:
    """Through the code under test."""
    X, y, Q, q = episode()
    module = network()
    weights = dict(module.named_parameters())
    loss = functional.cross_entropy(scores_of(module)(descended(scores_of(module), weights, (X, y), how), Q), q)
    return dict(zip(weights, torch.autograd.grad(loss, list(weights.values())), strict=True))


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("method", [Maml(step=0.7, steps=3), Anil(step=0.7, steps=3)], ids=lambda one: one.name)
def test_the_meta_gradient_is_that_of_the_loop_unrolled_by_hand(method: InnerLoop, second: bool) -> None:
    """Second order: through the steps. First order: the same with the steps' gradients as constants."""
    how = replace(method, second_order=second)
    found = gradient_of(how)
    weights = {name: value.detach().requires_grad_() for name, value in network().named_parameters()}
    expected = torch.autograd.grad(meta_loss(weights, how, second=second), list(weights.values()))
    for name, gradient in zip(weights, expected, strict=True):
        torch.testing.assert_close(found[name], gradient, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("method", [Maml(second_order=True, step=0.7), Anil(step=0.7)], ids=lambda one: one.name)
def test_the_second_order_gradient_is_the_slope_of_the_loss_after_the_steps(method: InnerLoop) -> None:
    """Central differences of the whole function theta -> L(theta'(theta)), one weight at a time."""
    found, h = gradient_of(method), 1e-5
    for name, place in (("backbone.0.weight", (1, 2)), ("heads.0.weight", (0, 1)), ("heads.0.bias", (2,))):
        losses = []
        for sign in (1, -1):
            weights = {key: value.detach().clone() for key, value in network().named_parameters()}
            weights[name][place] += sign * h
            weights = {key: value.requires_grad_() for key, value in weights.items()}
            losses.append(meta_loss(weights, method, second=True).item())
        assert float(found[name][place]) == pytest.approx((losses[0] - losses[1]) / (2 * h), rel=1e-5, abs=1e-9)


def test_first_order_leaves_out_a_term_that_is_there() -> None:
    one, two = (gradient_of(Maml(second_order=second, step=0.7)) for second in (False, True))
    assert max(float((one[name] - two[name]).abs().max()) for name in one) > 1e-3


def test_the_heads_weights_alone_move_in_anil() -> None:
    X, y, _, _ = episode()
    module = network()
    weights = dict(module.named_parameters())
    found = descended(scores_of(module), weights, (X, y), Anil())
    moved = {name for name in weights if not torch.equal(weights[name], found[name])}
    assert moved == {"heads.0.weight", "heads.0.bias"}


def test_an_episode_of_fewer_classes_than_scores_uses_other_scores_each_time() -> None:
    """A source with fewer classes than the target teaches all of the head's places."""
    X, y, Q, q = (part.float() if part.is_floating_point() else part for part in episode())
    module = NetworkSpec(MlpSpec(4, (3,), norm="layer"), 8).build()
    lesson = Lesson(X, y, Q, q)
    with reproducible(0, "cpu"):
        losses = {round(Maml().episode_loss()(module, lesson).item(), 6) for _ in range(8)}
    assert len(losses) > 1


def test_the_target_gets_the_steps_on_its_rows(problem) -> None:
    """``adapt`` is gradient descent from what was learned, which stays as it was."""
    task, source, _ = problem
    method = Maml(passes=1, width=4, steps=2, more=1, step=0.3)
    learned = method.learn(task, source, Context(0))
    before = {name: array.copy() for name, array in learned.arrays.items()}
    found = method.adapt(learned, task, Context(0))
    module = learned.build()
    optimiser = torch.optim.SGD(module.parameters(), lr=0.3)
    X, y = torch.from_numpy(learned.form.rows(task.train)), torch.from_numpy(task.train.labels)
    for _ in range(2):
        optimiser.zero_grad()
        functional.cross_entropy(module(X).scores, y).backward()
        optimiser.step()
    for name, value in module.state_dict().items():
        np.testing.assert_allclose(found.arrays[name], value.numpy(), atol=1e-6)
        np.testing.assert_array_equal(learned.arrays[name], before[name])
