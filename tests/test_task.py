"""Tasks, sources and contexts."""

from __future__ import annotations

import time

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.errors import OutOfTimeError
from autotransfer.task import Context, Source, Task

ROWS = Dataset("d", Modality.FEATURES, np.zeros((2, 1)), np.zeros(2))


def test_a_task_knows_how_wide_its_predictions_are():
    classes, values = Task(ROWS, ("a", "b", "c")), Task(ROWS, None)
    assert (classes.is_regression, classes.n_classes, classes.n_outputs) == (False, 3, 3)
    assert (values.is_regression, values.n_classes, values.n_outputs) == (True, 0, 1)


def test_a_source_without_rows_says_so():
    assert Source("s", Asset.SOURCE_INPUTS, ROWS).rows is ROWS
    with pytest.raises(TypeError, match="s has no rows"):
        _ = Source("s", Asset.PRETRAINED).rows


def test_time_left_is_never_negative_and_its_end_is_told():
    now = time.monotonic()
    late, early = Context(deadline=now - 1), Context(deadline=now + 1000)
    assert late.seconds_left() == 0.0
    assert 0 < early.seconds_left() <= 1000
    assert Context().seconds_left() == float("inf")
    early.check_time()
    with pytest.raises(OutOfTimeError):
        late.check_time()


def test_randomness_is_that_of_the_seed_at_every_call():
    context = Context(seed=3)
    np.testing.assert_array_equal(context.rng().normal(size=4), context.rng().normal(size=4))
    np.testing.assert_array_equal(context.rng().normal(size=4), np.random.default_rng(3).normal(size=4))


def test_nobody_listens_to_a_context_of_its_own():
    assert Context().report(1, 0.5) is None
