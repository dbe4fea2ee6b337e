"""Eligible arms: needs covered by what is offered, and a reason for every other one."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotransfer.assets import SOURCE_ASSETS, Asset, describe
from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.match import match
from autotransfer.method import Method
from autotransfer.problem import Problem
from autotransfer.settings import Settings
from autotransfer.task import Source
from autotransfer.trial import Arm

ROWS = Dataset("t", Modality.FEATURES, np.zeros((4, 2)), np.arange(4) % 2)


def combined(flags) -> Asset:
    whole = Asset.NONE
    for flag in flags:
        whole |= flag
    return whole


SOURCE_SETS = st.sets(st.sampled_from(list(SOURCE_ASSETS))).map(combined)
NEEDS = st.sets(st.sampled_from(list(Asset))).map(combined)


def method_of(title: str, wants: Asset, **declared: object) -> type[Method]:
    """A method with this declaration."""

    class Declared(Method):
        name: ClassVar[str] = title
        needs: ClassVar[Asset] = wants
        reference: ClassVar[str] = "none"

        def fit(self, task, source, ctx):
            raise AssertionError("no method is fitted in these tests")

        @classmethod
        def suggest(cls, suggest):
            return cls()

    for key, value in declared.items():
        setattr(Declared, key, value)
    return Declared


def problem_of(*offers: Asset, classes=("a", "b"), **more: object) -> Problem:
    sources = tuple(Source(f"s{index}", offer, ROWS) for index, offer in enumerate(offers))
    return Problem("p", ROWS, classes, sources, **more)


@settings(max_examples=60, deadline=None)
@given(needs=NEEDS, offers=st.lists(SOURCE_SETS, max_size=3), unlabeled=st.booleans())
def test_an_arm_is_eligible_exactly_when_nothing_is_lacking(needs, offers, unlabeled):
    """arms = {(m, s): needs(m) within offered(s)}; every (m, s) is an arm or skipped, never both, and the reason names
    what is lacking."""
    problem = problem_of(*offers, unlabeled=ROWS.without_labels() if unlabeled else None)
    method = method_of("m", needs)
    arms, skipped = match(problem, {"m": method}, Settings())
    partners = problem.sources if method.takes_source() else (None,)
    lacking = {None if source is None else source.name: needs & ~problem.offered(source) for source in partners}
    assert {arm.source for arm in arms} == {name for name, less in lacking.items() if not less}
    reasons = {item.source: item.reason for item in skipped}
    assert reasons == {name: f"it needs {describe(less)}" for name, less in lacking.items() if less}


@pytest.mark.parametrize(
    ("declared", "classes", "words"),
    [
        ({"regression": False}, None, "it is for classes"),
        ({"classification": False}, ("a", "b"), "it is for values"),
        ({"modalities": frozenset({Modality.IMAGE, Modality.TEXT})}, ("a", "b"), "it takes image, text rows"),
    ],
)
def test_the_kind_of_the_problem_decides(declared, classes, words):
    (skipped,) = match(problem_of(classes=classes), {"m": method_of("m", Asset.TARGET_LABELS, **declared)}, Settings())[
        1
    ]
    assert words in skipped.reason


def test_methods_and_exclude():
    """--methods chooses among transfer methods: the baseline stays; --exclude takes away whatever it names."""
    methods = {
        "base": method_of("base", Asset.TARGET_LABELS),
        "one": method_of("one", Asset.SOURCE_INPUTS),
        "two": method_of("two", Asset.SOURCE_INPUTS),
    }
    problem = problem_of(Asset.SOURCE_INPUTS)

    def names(**options) -> set[str]:
        return {arm.method for arm in match(problem, methods, Settings(**options))[0]}

    assert names() == {"base", "one", "two"}
    assert names(methods=("one",)) == {"base", "one"}
    assert names(exclude=("one", "base")) == {"two"}
    assert names(methods=("one",), exclude=("one",)) == {"base"}
    for option in ("methods", "exclude"):
        with pytest.raises(InputError, match=f"--{option} three: no such method; there are base, one, two"):
            names(**{option: ("three",)})


def test_sources_that_could_not_be_read_are_skipped_for_all_methods():
    problem = problem_of(skipped=(("broken", "it has no rows"),))
    arms, skipped = match(problem, {"base": method_of("base", Asset.TARGET_LABELS)}, Settings())
    assert arms == (Arm("base"),)
    assert [(item.method, item.source, item.reason) for item in skipped] == [("*", "broken", "it has no rows")]


@pytest.mark.parametrize(("budget", "named", "runs"), [(59.0, False, False), (60.0, False, True), (10.0, True, True)])
def test_methods_that_take_long_to_load_wait_for_a_budget_that_pays(budget, named, runs):
    """Below a minute they are skipped with the reason, unless the user names them."""
    heavy = method_of("heavy", Asset.SOURCE_INPUTS, libraries=("torch",))
    chosen = Settings(budget=budget, methods=("heavy",) if named else ())
    arms, skipped = match(problem_of(Asset.SOURCE_INPUTS), {"heavy": heavy}, chosen)
    assert bool(arms) is runs
    assert runs or "--budget 60s" in skipped[0].reason


@pytest.mark.parametrize(
    ("given", "runs"),
    [({}, False), ({"max_params": 10}, True), ({"max_latency": 0.1}, True), ({"methods": ("small",)}, True)],
)
def test_methods_that_trade_score_for_size_wait_for_a_limit_or_their_name(given, runs):
    small = method_of("small", Asset.SOURCE_INPUTS, trades=True)
    arms, skipped = match(problem_of(Asset.SOURCE_INPUTS), {"small": small}, Settings(**given))
    assert bool(arms) is runs
    assert [s.reason for s in skipped] == ([] if runs else [skipped[0].reason])
    assert runs or "--max-params" in skipped[0].reason


@pytest.mark.parametrize(
    ("given", "runs"),
    [
        ({}, ["plain", "none"]),
        ({"keep_source": 5}, ["keeper", "none"]),
        ({"methods": ("keeper",)}, ["keeper", "none"]),
        ({"methods": ("plain",), "keep_source": 5}, ["none"]),
    ],
)
def test_methods_that_keep_their_source_are_tried_where_that_is_asked_for_and_others_then_are_not(given, runs):
    """A method without a source has none to forget."""
    methods = {
        "plain": method_of("plain", Asset.SOURCE_INPUTS),
        "keeper": method_of("keeper", Asset.SOURCE_INPUTS, keeps=True),
        "none": method_of("none", Asset.TARGET_LABELS),
    }
    arms, skipped = match(problem_of(Asset.SOURCE_INPUTS), methods, Settings(**given))
    assert [arm.method for arm in arms] == runs
    assert all("--keep-source" in row.reason or row.reason == "not among --methods" for row in skipped)


def test_a_method_may_refuse_a_source_that_offers_all() -> None:
    """Its words become the reason; other sources stay."""
    refuses = classmethod(lambda cls, source: "its network has no attention" if source.name == "s0" else None)
    picky = method_of("picky", Asset.SOURCE_INPUTS, refuses=refuses)
    arms, skipped = match(problem_of(Asset.SOURCE_INPUTS, Asset.SOURCE_INPUTS), {"picky": picky}, Settings())
    assert [arm.source for arm in arms] == ["s1"]
    assert [(one.source, one.reason) for one in skipped] == [("s0", "its network has no attention")]
