"""Tasks made of digits: who is in which task, and who is learned from."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_continual.course import Scenario

from benchmarks.continuing.streams import permuted, split


def keys(parts) -> set[bytes]:
    return {row.tobytes() for part in parts for row in part.X}


@pytest.mark.parametrize("seed", [0, 1])
def test_each_digit_is_in_one_task_and_each_row_on_one_side(rows, seed) -> None:
    stream = split(rows, seed)
    brightest = [np.unique(part.X.argmax(axis=1)) for part in stream.learned]
    assert sorted(np.concatenate(brightest).tolist()) == list(range(6))
    assert [sorted(np.unique(part.y)) for part in stream.learned] == [[0, 1]] * 3
    assert not keys(stream.learned) & keys(stream.tested)
    assert sum(len(part.y) for part in stream.tested) == 24


def test_seeds_deal_digits_otherwise_and_test_on_the_same_rows(rows) -> None:
    streams = [split(rows, seed) for seed in range(4)]
    assert len({keys(stream.tested) == keys(streams[0].tested) for stream in streams}) == 1
    assert len({tuple(np.unique(stream.learned[0].X.argmax(axis=1))) for stream in streams}) > 1


def test_strengths_are_chosen_without_a_test_row(rows) -> None:
    stream = split(rows, 0)
    held = stream.validated()
    assert not (keys(held.learned) | keys(held.tested)) & keys(stream.tested)
    assert not keys(held.learned) & keys(held.tested)
    assert keys(held.learned) | keys(held.tested) == keys(stream.learned)


def test_permuted_tasks_have_the_same_pixels_in_other_places(rows) -> None:
    stream = permuted(rows, 0, tasks=4)
    first, *others = stream.learned
    for part in others:
        np.testing.assert_array_equal(np.sort(part.X, axis=1), np.sort(first.X, axis=1))
        np.testing.assert_array_equal(part.y, first.y)
        assert not np.array_equal(part.X, first.X)


@pytest.mark.parametrize(("scenario", "outputs"), [(Scenario.DOMAIN, 2), (Scenario.TASK, 6), (Scenario.CLASS, 6)])
def test_outputs_are_shared_where_the_classes_are(rows, scenario, outputs) -> None:
    course = split(rows, 0).course(scenario)
    assert course.outputs == outputs
    assert all(int(part.y.min()) == part.first and int(part.y.max()) == part.last - 1 for part in course.lessons)
