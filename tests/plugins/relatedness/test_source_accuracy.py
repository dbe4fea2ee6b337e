"""The source's own linear model on target rows."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_relatedness.source_accuracy import CrossDomainScore
from sklearn.linear_model import LogisticRegression

from autotransfer.task import Context, Source, Task


def test_direction(related: tuple[Task, Source], reversed_concept: tuple[Task, Source]) -> None:
    """Same concept: near 1 - majority. Opposite concept: near -majority."""
    estimator = CrossDomainScore()
    majority = np.bincount(related[0].train.labels).max() / 150
    assert estimator.estimate(*related, Context(seed=0)) > 0.9 - majority
    assert estimator.estimate(*reversed_concept, Context(seed=0)) < 0.1 - majority


def test_close_to_logistic_regression(shifted: tuple[Task, Source]) -> None:
    """An independent linear model gives about the same score (both misjudge rows that moved by 3)."""
    task, source = shifted
    majority = np.bincount(task.train.labels).max() / 150
    other = LogisticRegression().fit(source.rows.X, source.rows.labels).score(task.train.X, task.train.labels)
    assert CrossDomainScore().estimate(task, source, Context(seed=0)) == pytest.approx(other - majority, abs=0.1)


def test_values(values) -> None:
    """R^2: high for the same slope, negative for the opposite."""
    assert CrossDomainScore().estimate(*values(1.0), Context(seed=0)) > 0.6
    assert CrossDomainScore().estimate(*values(-1.0), Context(seed=0)) < 0.0
