"""The search space: points and candidates determine each other, for every installed method."""

from __future__ import annotations

import json
from dataclasses import replace

import optuna
import pytest
from optuna.trial import FixedTrial

from autotransfer.plugins import load_catalogue
from autotransfer.space import Space
from autotransfer.trial import Arm, Choice

SOURCES = ("near", "far, away")
ENCODERS = ("one", "two")


@pytest.fixture(scope="module")
def space() -> Space:
    """Every installed method with every source; the first source's rows take one encoder only."""
    methods = load_catalogue(()).methods
    arms = [
        Arm(name, source)
        for name, method in methods.items()
        for source in (SOURCES if method.takes_source() else (None,))
    ]
    encoders = {arm: ENCODERS[1:] if arm.source == "near" else ENCODERS for arm in arms}
    return Space(tuple(arms), methods, encoders)


def asked(space: Space, name: str, seed: int):
    """A candidate that a random sampler proposes."""
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=seed))
    return space.suggest(name, study.ask())


def test_a_point_makes_suggest_give_its_candidate(space):
    """suggest(point(c)) = c, and recall(choice(c)) = c after a journey through JSON."""
    for name in space.names():
        for seed in range(5):
            candidate = asked(space, name, seed)
            assert candidate.arm.method == name
            assert space.suggest(name, FixedTrial(space.point(candidate))) == candidate
            choice = Choice.from_json(json.loads(json.dumps(candidate.choice().to_json())))
            assert space.recall(choice) == candidate


def test_defaults_are_points_too(space):
    for arm in space.arms:
        for encoder in space.encoders[arm]:
            candidate = space.default(arm, encoder)
            assert space.suggest(arm.method, FixedTrial(space.point(candidate))) == candidate


def test_every_candidate_is_an_arm_with_an_encoder_that_takes_its_rows(space):
    for name in space.names():
        for seed in range(10):
            candidate = asked(space, name, seed)
            assert candidate.arm in space.arms
            assert candidate.encoder in space.encoders[candidate.arm]


def test_rows_that_need_no_encoder_get_none():
    methods = load_catalogue(()).methods
    arm = Arm("pooled", "near")
    assert asked(Space((arm,), methods, {arm: ()}), "pooled", 0).encoder is None


def test_methods_do_not_share_parameters(space):
    points = [space.point(space.default(arm, ENCODERS[1])) for arm in space.arms if arm.source in (None, "near")]
    names = [name for point in points for name in point]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "choice",
    [
        Choice("pooled", "elsewhere", "one", {}),
        Choice("pooled", "near", "one", {}),
        Choice("uninstalled", None, "one", {}),
        Choice("pooled", "near", "two", {"removed setting": 1}),
        Choice("pooled", "near", "two", {"learner": {"kind": "removed"}}),
    ],
    ids=["source", "encoder", "method", "setting", "kind"],
)
def test_what_is_no_part_of_the_space_is_not_recalled(space, choice):
    assert space.recall(choice) is None


def test_libraries_of_all_methods_are_loaded_once(space):
    """In order of first appearance, without repetition."""

    def declaring(*libraries: str) -> tuple[str, ...]:
        kinds = {
            name: type(name, (kind,), {"libraries": tuple(part.format(name) for part in libraries)})
            for name, kind in space.methods.items()
        }
        return replace(space, methods=kinds).libraries()

    assert declaring("torch", "{}") == ("torch", *space.names())
    assert declaring() == ()
