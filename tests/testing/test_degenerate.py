"""Each degenerate problem has the defect that it is named for."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.data import Modality
from autotransfer.testing.degenerate import degenerate
from autotransfer.testing.problems import ToyProblem, pretrained_regression, rotation_shift, source_head

PROBLEMS = [rotation_shift(Modality.FEATURES), pretrained_regression(), source_head()]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
def test_defects(problem: ToyProblem) -> None:
    """Counts of rows, of labels, of distinct rows and columns; wide rows only where no head wants its own width."""
    found = {name: other.task.train for name, other in degenerate(problem).items()}
    assert len(found["one_row"]) == 1
    assert len(found["two_rows"]) == 2
    assert len(np.unique(found["one_label"].labels)) == 1
    assert np.ptp(found["constant_features"].X) == 0
    assert np.all(found["equal_columns"].X[:, :1] == found["equal_columns"].X)
    assert len(np.unique(found["duplicate_rows"].X, axis=0)) == 2
    assert ("more_columns_than_rows" in found) == (problem.source.head is None)
    if problem.source.head is None:
        rows, columns = found["more_columns_than_rows"].X.shape
        assert columns > rows


def test_source_rows_have_the_same_width() -> None:
    """An estimator may put both side by side."""
    for other in degenerate(PROBLEMS[0]).values():
        assert other.source.rows.X.shape[1] == other.task.train.X.shape[1]
