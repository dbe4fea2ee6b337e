"""Tasks from borrowed classes: their form is the target's, and nothing of them is in what is learned from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.bench import Bench
from autotransfer.borrowed import judge, without
from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoders.standard import StandardEncoder
from autotransfer.evaluate import Job, run_job
from autotransfer.features import FeatureCache
from autotransfer.fitting import Fitter
from autotransfer.loan import TASKS, borrow, few_ways, why_not
from autotransfer.method import Method, Suggest
from autotransfer.metrics import METRICS
from autotransfer.predictor import Predictor
from autotransfer.problem import Problem
from autotransfer.splits import Borrowed, make_split
from autotransfer.task import Context, Source, Task
from autotransfer.testing.toys import NearestMeans

LABELED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS
GIVEN: list[tuple[Task, Source]] = []
"""What each fit of :class:`Spy` was given."""


@dataclass(frozen=True)
class Spy(Method):
    """Class means, and a note of what it was given."""

    name: ClassVar[str] = "spy"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS
    reference: ClassVar[str] = "standard practice"
    predictor: ClassVar[type[Predictor]] = NearestMeans

    def fit(self, task: Task, source: Source | None, ctx: Context) -> Predictor:
        assert source is not None
        GIVEN.append((task, source))
        return NearestMeans.of(task.train, task.n_classes)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        return cls()


def rows(classes: int, each: int, seed: int) -> Dataset:
    rng = np.random.default_rng(seed)
    y = np.repeat(np.arange(classes), each)
    return Dataset("rows", Modality.FEATURES, 3 * np.eye(24)[y] + rng.normal(size=(len(y), 24)), y)


def lend(classes: int = 14, name: str = "lender", seed: int = 2) -> Source:
    return Source(name, LABELED, rows(classes, 6, seed), tuple(f"{name} {k}" for k in range(classes)))


def few(counts: tuple[int, ...] = (1, 1, 1), *sources: Source) -> Problem:
    target = rows(len(counts), max(counts), 1)
    keep = np.concatenate([np.flatnonzero(target.labels == k)[:count] for k, count in enumerate(counts)])
    return Problem("few", target.take(keep), tuple("abcdefgh"[: len(counts)]), sources or (lend(),))


@pytest.mark.parametrize(
    ("counts", "lent"),
    [((1, 1), True), ((4, 4, 4), True), ((5, 4), True), ((5, 5), False), ((5, 1, 1, 1, 1, 1), False)],
)
def test_when_a_source_lends_its_classes(counts: tuple[int, ...], lent: bool) -> None:
    """Up to four rows a class, or fewer than ten in all."""
    assert (few(counts).lender is not None) is lent


def test_who_lends() -> None:
    """The source with most classes, of those whose classes are not the target's; eight at least."""
    shared = replace(lend(20, "shared"), offers=LABELED | Asset.SHARED_LABELS)
    assert few((1, 1), lend(9, "nine"), shared, lend(12, "twelve")).lender.name == "twelve"
    assert few((1, 1), lend(7), shared).lender is None


@pytest.mark.parametrize("counts", [(1, 1, 1), (1, 3, 2, 1)])
def test_tasks_have_the_targets_form(counts: tuple[int, ...]) -> None:
    """As many classes, as many labelled rows of each in some order, two rows a class to be told, none in both."""
    problem = few(counts)
    loan = borrow(problem, Borrowed(0, 1))
    assert len(loan.tasks) == TASKS
    y = loan.lender.rows.labels
    for task in loan.tasks:
        assert sorted(np.bincount(task.support_y)) == sorted(counts)
        assert np.bincount(task.query_y).tolist() == [2] * len(counts)
        assert not set(task.support) & set(task.query)
        for positions, labels in ((task.support, task.support_y), (task.query, task.query_y)):
            assert (y[positions] == task.classes[labels]).all()
            assert np.isin(y[positions], loan.held).all()


def test_parts_hold_other_classes_out_and_equal_parts_the_same() -> None:
    problem = few((1, 1, 1))
    one, two, again = (borrow(problem, Borrowed(0, index)) for index in (0, 1, 0))
    assert not set(one.held) & set(two.held)
    assert all(np.array_equal(a.query, b.query) for a, b in zip(one.tasks, again.tasks, strict=True))
    assert set(borrow(problem, Borrowed(1, 0)).held) != set(one.held)


def test_too_few_classes_make_easier_tasks_and_the_run_says_so() -> None:
    """Of nine classes four can be held out: tasks of four for a target of six."""
    problem = few((1,) * 6, lend(9))
    assert len(borrow(problem, Borrowed(0, 0)).held) == 4
    (note,) = few_ways(problem)
    assert "estimates" in note
    assert "they have 4 classes and not 6" in note
    assert "which is easier" not in few_ways(few())[0]
    assert few_ways(few((5, 5))) == ()


def test_which_arms_cannot_be_judged() -> None:
    lender = lend()
    problem = few((1, 1), lender)
    assert why_not(problem, None, Spy) is None
    assert why_not(problem, lender, Spy) is None
    model = Source("model", Asset.PRETRAINED, classes=("lender 3", "x"))
    assert why_not(problem, model, Spy).endswith("judged by classes of lender, which its model knows already")
    assert why_not(problem, replace(model, classes=("x", "y")), Spy) is None
    shared = replace(lender, name="same", offers=LABELED | Asset.SHARED_LABELS)
    assert why_not(problem, shared, Spy).endswith("and its labels are the target's")


def test_rows_of_held_classes_are_gone_and_the_others_numbered_anew() -> None:
    source = lend(5)
    left = without(source, ["lender 1", "lender 4"])
    assert left.classes == ("lender 0", "lender 2", "lender 3")
    assert len(left.rows) == 18
    kept = source.rows.take(np.isin(source.rows.labels, [0, 2, 3]))
    np.testing.assert_array_equal(left.rows.X, kept.X)
    assert [left.classes[label] for label in left.rows.labels] == [source.classes[label] for label in kept.labels]


def bench(problem: Problem) -> Bench:
    return Bench(problem, {"standard": StandardEncoder()}, FeatureCache(None), METRICS["accuracy"])


def test_no_method_sees_a_row_of_a_held_class_but_the_support() -> None:
    """The source that a method gets has none of the classes that its tasks are made of; nor has another source that
    knows a class of that name."""
    lender = lend()
    other = replace(lend(name="other", seed=5), classes=lender.classes)
    problem = few((1, 1, 1), lender, other)
    for source in ("lender", "other"):
        GIVEN.clear()
        judge(bench(problem), Fitter(Spy()), (source, "standard"), Borrowed(0, 0), Context(0))
        held = set(borrow(problem, Borrowed(0, 0)).names())
        assert len(GIVEN) == TASKS
        for task, given in GIVEN:
            assert set(task.classes) <= held
            assert not set(given.classes) & held
            assert len(given.rows) == (14 - len(held)) * 6
            assert task.train.labels.tolist() == [0, 1, 2]


def test_a_trial_scores_what_its_tasks_ask() -> None:
    """Predictions stand task after task; their score against ``Bench.truth`` is the trial's, groups are the tasks."""
    problem = few((1, 1, 1))
    desk, split = bench(problem), make_split(problem.target.labels, classes=True, seed=0, borrowed=True)
    assert split.is_borrowed
    outcome = run_job(desk, Job(Spy(), "lender", "standard", split.folds, 0))
    truth, groups = desk.truth(split.folds), desk.groups(split.folds)
    assert outcome.predictions.shape == (len(truth), 3)
    assert np.bincount(groups).tolist() == [6] * 2 * TASKS
    halves: list[Array] = [outcome.predictions[:180], outcome.predictions[180:]]
    scores = [METRICS["accuracy"].score(y, p) for y, p in zip((truth[:180], truth[180:]), halves, strict=True)]
    assert outcome.fold_scores == pytest.approx(scores)
    assert np.mean(scores) > 0.6  # classes three apart with unit noise in 24 columns
