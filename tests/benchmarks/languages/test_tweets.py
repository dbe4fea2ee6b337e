"""Choosing a source: regrets by hand, and that nothing fitted has seen its target."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.languages.tweets import (
    SOURCES,
    TARGETS,
    by_one,
    by_past,
    by_ridge,
    others,
    random_regrets,
    regrets,
)


@pytest.fixture
def scores() -> dict[tuple[str, str], float]:
    rng = np.random.default_rng(0)
    return {(s, t): float(rng.random()) for s in SOURCES for t in TARGETS}


def test_the_best_choice_regrets_nothing(scores) -> None:
    assert regrets(scores, by_one(scores)).tolist() == [0.0] * len(TARGETS)
    assert (random_regrets(scores) > 0).all()


def test_a_language_is_no_source_of_its_own() -> None:
    assert "hau" not in others("hau")
    assert len(others("orm")) == len(SOURCES)


def test_an_estimate_that_tells_is_followed(scores) -> None:
    noise = {
        pair: float(value) for pair, value in zip(scores, np.random.default_rng(1).random(len(scores)), strict=True)
    }
    assert regrets(scores, by_ridge(scores, {"told": scores, "noise": noise}, 1e-6)).max() < 1e-9


@pytest.mark.parametrize("way", ["past", "ridge"])
def test_the_targets_own_scores_choose_nothing(scores, way: str) -> None:
    """Another score of one target, and of that language as a source, leaves the choice for it as it was."""
    rng = np.random.default_rng(2)
    values = {"a": {pair: float(rng.random()) for pair in scores}}
    for target in ("hau", "tir"):
        changed = {pair: 1 - value if target in pair else value for pair, value in scores.items()}
        choose = by_past if way == "past" else lambda known: by_ridge(known, values)
        assert choose(scores)[target] == choose(changed)[target]
