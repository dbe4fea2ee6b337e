"""Rows that are held back, and what a model says of its source's tasks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.errors import PluginError
from autotransfer.keeping import held_back, what_is_kept
from autotransfer.metrics import METRICS
from autotransfer.predictor import Predictor, Recollection
from autotransfer.task import Source

ACCURACY = METRICS["accuracy"]


def source(n: int = 60, domains: int = 1) -> Source:
    y = np.arange(n) % 3
    domain = None if domains == 1 else np.repeat(np.arange(domains), n // domains)
    rows = Dataset("there", Modality.FEATURES, np.column_stack([np.arange(n), y]).astype(float), y, domain)
    return Source("there", Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS, rows, ("a", "b", "c"))


class Says(Predictor):
    """The class in the rows' second column, moved on by ``shift``, among so many classes."""

    def __init__(self, shift: int, classes: int = 3) -> None:
        self.shift, self.classes = shift, classes

    def predict(self, data):
        assert data.y is None
        return np.eye(self.classes)[(data.X[:, 1].astype(int) + self.shift) % self.classes]

    def state(self):
        return {}

    @classmethod
    def restore(cls, state):
        raise NotImplementedError


@dataclass(frozen=True)
class Tells:
    """Stands in for a method: only its name is read."""

    name: ClassVar[str] = "tells"


class Remembers(Says):
    """Its own recollections."""

    def __init__(self, *told: Recollection) -> None:
        super().__init__(0)
        self.told = told

    def recollections(self):
        return self.told


@pytest.mark.parametrize("domains", [1, 3])
def test_each_fold_holds_back_another_fifth_of_each_domain_and_class(domains):
    given, seen = source(90, domains), []
    for index in range(5):
        left, held = held_back(given, index)
        assert len(left.rows) + len(held) == 90
        assert not set(left.rows.X[:, 0]) & set(held.X[:, 0])
        assert np.bincount(held.labels).tolist() == [6, 6, 6]
        if domains > 1:
            assert np.bincount(held.domain).tolist() == [6, 6, 6]
        seen += held.X[:, 0].tolist()
    assert sorted(seen) == list(range(90))


def test_equal_folds_of_all_trials_hold_the_same_rows():
    a, b = (held_back(source(), 2)[1] for _ in range(2))
    np.testing.assert_array_equal(a.X, b.X)


def test_scores_before_and_after_and_not_told():
    one = Recollection("task-incremental", Says(0), Says(1), Says(0, classes=5))
    found = what_is_kept(Tells(), Remembers(one), source().rows, ACCURACY)
    assert (found.scenario, found.before, found.after, found.untold) == ("task-incremental", 1.0, 0.0, 1.0)


def test_of_several_tasks_the_one_that_lost_most_counts():
    kept, lost = Recollection("x", Says(0), Says(0)), Recollection("x", Says(0), Says(1))
    found = what_is_kept(Tells(), Remembers(kept, lost, kept), source(90, 3).rows, ACCURACY)
    assert found.forgetting == 1.0


def test_another_number_of_tasks_is_the_plugin_s_fault():
    with pytest.raises(PluginError, match="tells: its model tells of 1 of the source's 3 tasks"):
        what_is_kept(Tells(), Remembers(Recollection("x", Says(0), Says(0))), source(90, 3).rows, ACCURACY)


def test_where_the_metric_is_undefined_nothing_is_known():
    """ROC AUC of rows of one class."""
    rows = source().rows
    one = replace(rows.take(rows.labels == 1))
    assert what_is_kept(Tells(), Remembers(Recollection("x", Says(0), Says(0))), one, METRICS["roc_auc"]) is None
