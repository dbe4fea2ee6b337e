"""Tables of arms: shapes are checked, and rows stay together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autotransfer.errors import InputError
from autotransfer.foresight.arms import Arms, Experience
from tests.foresight.worlds import world


def test_rows_stay_together() -> None:
    """``take`` by mask and by position agree, and every column is taken."""
    whole = world(targets=3, arms=4)
    mask = whole.arms.targets == "target 1"
    by_mask, by_place = whole.take(mask), whole.take(np.flatnonzero(mask))
    for one, other in ((by_mask, by_place), (by_mask, whole.take(slice(4, 8)))):
        np.testing.assert_array_equal(one.gain, other.gain)
        np.testing.assert_array_equal(one.seconds, other.seconds)
        for column in ("features", "keys", "tasks", "targets"):
            np.testing.assert_array_equal(getattr(one.arms, column), getattr(other.arms, column))
    assert set(whole.without("target 1").arms.targets) == {"target 0", "target 2"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"names": ("one",)}, "features have shape"),
        ({"keys": np.array(["a"] * 12, dtype=object)}, "keys have shape"),
        ({"tasks": np.array(["a"], dtype=object)}, "tasks have shape"),
        ({"features": np.full((12, 3), np.inf)}, "finite"),
    ],
)
def test_what_does_not_fit_together_is_refused(change: dict[str, object], words: str) -> None:
    arms = world(targets=3, arms=4).arms
    with pytest.raises(InputError, match=words):
        replace(arms, **change)


@pytest.mark.parametrize("column", ["gain", "seconds"])
@pytest.mark.parametrize("value", [np.zeros(3), np.full(12, np.inf)], ids=["short", "infinite"])
def test_outcomes_have_a_row_each(column: str, value: np.ndarray) -> None:
    with pytest.raises(InputError, match=f"experience: {column}"):
        replace(world(targets=3, arms=4), **{column: value})


def test_types() -> None:
    assert isinstance(world().arms, Arms)
    assert isinstance(world().take(slice(3)), Experience)
