"""The cross-learning score above the baseline."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_relatedness.cross_learning import CrossLearningScore
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from autotransfer.task import Context, Source, Task


def test_close_to_another_linear_model(shifted: tuple[Task, Source]) -> None:
    """Three errors of logistic regression: source on target, target on source, target on itself by cross-validation."""
    task, source = shifted
    (X, y), (S, s) = ((rows.X, rows.labels) for rows in (task.train, source.rows))
    there = np.mean(LogisticRegression().fit(S, s).predict(X) != y)
    back = np.mean(LogisticRegression().fit(X, y).predict(S) != s)
    own = np.mean(cross_val_predict(LogisticRegression(), X, y, cv=5) != y)
    found = CrossLearningScore().estimate(*shifted, Context(seed=0))
    assert found == pytest.approx(0.5 * (there + back) - own, abs=0.1)


def test_both_directions_count(related: tuple[Task, Source]) -> None:
    """Exchanging the sides changes the baseline alone: the sum of the two errors is symmetric."""
    task, source = related
    other = Task(source.rows, task.classes), Source("s", source.offers, task.train, task.classes)
    one, two = CrossLearningScore().estimate(task, source, Context()), CrossLearningScore().estimate(*other, Context())
    assert one == pytest.approx(two, abs=0.06)


def test_direction(related: tuple[Task, Source], reversed_concept: tuple[Task, Source]) -> None:
    """The same concept adds nothing to the target's own error; the reversed one nearly all that there is."""
    assert CrossLearningScore().estimate(*related, Context(seed=0)) < 0.03
    assert CrossLearningScore().estimate(*reversed_concept, Context(seed=0)) > 0.8


def test_values(values) -> None:
    """y = slope x + noise, variances slope^2 + 1/4: h_S is off by (1 - slope) x on either side, so that the two errors
    above the noise are 4 / 1.25 each for slope -1, and 0 for slope 1."""
    assert CrossLearningScore().estimate(*values(1.0), Context(seed=0)) < 0.05
    assert CrossLearningScore().estimate(*values(-1.0), Context(seed=0)) == pytest.approx(4 / 1.25, abs=0.8)
