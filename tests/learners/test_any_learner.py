"""A searched learner: its names, ranges and its way to JSON and back."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from autotransfer.config import flatten, from_json, to_json
from autotransfer.learners import AnyLearner, Linear, Mlp, Neighbors, Trees, suggest_learner

KINDS = ("linear", "neighbors", "trees", "mlp")


@dataclass(frozen=True)
class _Holder:
    learner: AnyLearner = field(default_factory=Linear)


class _Recorder:
    """Answers with one end of each range and keeps the ranges."""

    def __init__(self, kind, end):
        self.kind, self.end, self.asked = kind, end, {}

    def suggest_float(self, name, low, high, *, log=False):
        self.asked[name] = ("float", low, high, log)
        return (low, high)[self.end]

    def suggest_int(self, name, low, high, *, log=False):
        self.asked[name] = ("int", low, high, log)
        return (low, high)[self.end]

    def suggest_categorical(self, name, choices):
        self.asked[name] = ("choice", *choices)
        return self.kind if name == "learner" else choices[-self.end]


@pytest.mark.parametrize("end", [0, 1])
@pytest.mark.parametrize("kind", KINDS)
def test_names_are_those_of_flatten(kind, end):
    recorder = _Recorder(kind, end)
    holder = _Holder(suggest_learner(recorder))
    assert set(flatten(holder)) == set(recorder.asked)
    assert from_json(_Holder, to_json(holder)) == holder


def test_one_name_has_one_range():
    """A search cannot change the range of a name between trials."""
    ranges = {}
    for kind in KINDS:
        recorder = _Recorder(kind, 0)
        suggest_learner(recorder)
        for name, asked in recorder.asked.items():
            assert ranges.setdefault(name, asked) == asked


@pytest.mark.parametrize("learner", [Linear(), Neighbors(), Trees(), Mlp()], ids=lambda learner: learner.kind)
def test_defaults_lie_within_the_ranges(learner):
    """So that a search can start with them."""
    recorder = _Recorder(learner.kind, 0)
    suggest_learner(recorder)
    for name, value in flatten(_Holder(learner)).items():
        form, *limits = recorder.asked[name]
        assert value in limits if form == "choice" else limits[0] <= value <= limits[1]
