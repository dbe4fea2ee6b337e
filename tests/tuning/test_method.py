"""Fine-tuning as the base does it: it learns, repeats itself, and gives its hooks their turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import pytest
import torch

from autotransfer.data import Modality
from autotransfer.method import Suggest
from autotransfer.nets import Plan
from autotransfer.nets.clock import Clock
from autotransfer.nets.plan import Group
from autotransfer.nets.training import Loss
from autotransfer.task import Context
from autotransfer.testing.problems import ToyProblem, trainable
from autotransfer.tuning import Change, TunedMethod, TunedPredictor, Tuning
from tests.tuning.changes import Added


@dataclass(frozen=True)
class Plain(TunedMethod):
    name: ClassVar[str] = "plain"
    reference: ClassVar[str] = "none"

    @classmethod
    def suggest(cls, suggest: Suggest) -> Plain:
        return cls()


def fitted(method: TunedMethod, problem: ToyProblem, ctx: Context | None = None) -> TunedPredictor:
    found = method.fit(problem.task, problem.source, ctx or Context())
    assert isinstance(found, TunedPredictor)
    return found


def test_it_learns_and_all_of_it_moves(problem: ToyProblem) -> None:
    predictor = fitted(Plain(), problem)
    accuracy = np.mean(predictor.predict(problem.test).argmax(axis=1) == problem.test.labels)
    assert accuracy >= problem.floor
    base = problem.source.encoder.build().state_dict()
    assert all(not np.array_equal(predictor.arrays[f"backbone.{name}"], base[name]) for name in base)


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_it_learns_in_half_precision_keeping_single(precision: str) -> None:
    problem = trainable(Modality.IMAGE)
    predictor = fitted(Plain(precision=precision), problem)
    assert np.mean(predictor.predict(problem.test).argmax(axis=1) == problem.test.labels) >= problem.floor
    assert {array.dtype for array in predictor.arrays.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("options", [{"accumulate": 4}, {"recompute": True}], ids=str)
def test_accumulation_and_checkpointing_change_no_prediction(options: dict[str, object]) -> None:
    """In single precision, after 12 updates by Adam with small steps; gradients in double are compared in the loop's
    own tests."""
    problem = trainable(Modality.IMAGE)
    plain = fitted(Plain(epochs=6, rate=1e-4, augment="none"), problem).predict(problem.test)
    other = fitted(Plain(epochs=6, rate=1e-4, augment="none", **options), problem).predict(problem.test)
    np.testing.assert_allclose(plain, other, atol=2e-4)


def test_epochs_are_judged_and_reported(values: ToyProblem) -> None:
    steps: list[int] = []
    fitted(Plain(epochs=3), values, Context(report=lambda step, score: steps.append(step)))
    assert steps == [1, 2, 3]


def test_a_short_time_is_kept_to(problem: ToyProblem) -> None:
    """With a second left, a training of an hour ends within it."""
    start = time.monotonic()
    fitted(Plain(epochs=10**6), problem, Context(deadline=start + 5.0))
    assert time.monotonic() < start + 5.0


class FakeTime:
    """A clock on which nothing takes time but what says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Slow(Plain):
    """On a slow machine: seconds to prepare, and for a step."""

    before: float = 0.0
    step: float = 0.0
    time: ClassVar[FakeTime] = FakeTime()
    factors: ClassVar[list[float]] = []

    def start(self, tuning: Tuning) -> None:
        self.time.now += self.before

    def augmented(self, tuning: Tuning, X: torch.Tensor) -> torch.Tensor:
        self.time.now += self.step
        return X

    def train(self, tuning: Tuning, plan: Plan, moved: Callable[[float], None] | None = None) -> None:
        super().train(tuning, plan, lambda progress: self.factors.append(plan.schedule.factor(progress)))


@pytest.mark.parametrize(("before", "step"), [(0.0, 0.05), (0.0, 0.4), (0.9, 0.05), (0.7, 0.4), (0.0, 1.9)])
def test_five_folds_end_in_a_trials_time_and_annealed(
    before: float, step: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In 10 s, where preparing and a step take so long, and what follows a fit as long as what precedes it: 10 · 0.9 s
    leave a tenth of the time to five trainings, 10 · 0.7 s little more than five steps. Of trainings of ten steps and
    more the last update is at most a tenth of the largest; none is cut off."""
    problem, clock = trainable(Modality.TEXT), FakeTime()
    monkeypatch.setattr(Slow, "time", clock)
    for module in ("tuning.method", "nets.training"):
        monkeypatch.setattr(f"autotransfer.{module}.Clock", partial(Clock, now=clock))
    monkeypatch.setattr("autotransfer.task.time.monotonic", clock)
    for _ in range(5):
        Slow.factors.clear()
        predictor = fitted(Slow(epochs=10**6, before=before, step=step), problem, Context(deadline=10.0))
        assert np.isfinite(predictor.predict(problem.test)).all()
        assert len(Slow.factors) < 10 or Slow.factors[-1] < 0.1
        clock.now += before
    assert clock.now <= 10.0


def test_without_augmentation_rows_stay_and_texts_always_do(problem: ToyProblem, begin: Callable[..., Tuning]) -> None:
    tuning = begin(problem)
    torch.manual_seed(0)
    assert torch.equal(Plain(augment="none").augmented(tuning, tuning.rows.X), tuning.rows.X)
    found = Plain(augment="crop").augmented(tuning, tuning.rows.X)
    assert torch.equal(found, tuning.rows.X) is not tuning.rows.images
    assert found.shape == tuning.rows.X.shape


@dataclass(frozen=True)
class Hooked(TunedMethod):
    name: ClassVar[str] = "hooked"
    reference: ClassVar[str] = "none"
    calls: ClassVar[list[str]] = []

    @classmethod
    def suggest(cls, suggest: Suggest) -> Hooked:
        return cls()

    def change(self) -> Change:
        self.calls.append("change")
        return Added()

    def start(self, tuning: Tuning) -> None:
        self.calls.append("start")

    def loss(self, tuning: Tuning) -> Loss:
        self.calls.append("loss")
        return super().loss(tuning)

    def groups(self, tuning: Tuning) -> Sequence[Group]:
        self.calls.append("groups")
        return super().groups(tuning)

    def train(self, tuning: Tuning, plan: Plan, moved: Callable[[float], None] | None = None) -> None:
        super().train(tuning, plan, lambda progress: self.calls.append("update"))
        self.calls.append("trained")


def test_hooks_are_called_in_order_and_a_change_is_all_that_is_kept() -> None:
    Hooked.calls.clear()
    predictor = fitted(Hooked(epochs=1), trainable(Modality.IMAGE))
    assert Hooked.calls == ["change", "start", "loss", "groups", "update", "update", "trained"]
    assert set(predictor.arrays) == {"backbone.2.added.weight", "backbone.2.added.bias", "head.weight", "head.bias"}
