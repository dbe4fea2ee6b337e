"""The method that measures the engine."""

from __future__ import annotations

import time

import numpy as np

from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, Task
from autotransfer.trial import Choice, Status, TrialRecord
from benchmarks.idle import NAME, Idle, IdlePlugin


def test_predictions_are_uniform():
    """Each of k classes gets 1/k, before and after a trip through plain data, for no rows too."""
    rows = Dataset("rows", Modality.FEATURES, np.zeros((3, 2)), y=np.array([0, 1, 2]))
    predictor = Idle().fit(Task(rows, ("a", "b", "c")), None, Context())
    restored = type(predictor).restore(predictor.state())
    for data in (rows, rows.take(np.array([], dtype=int))):
        np.testing.assert_array_equal(restored.predict(data), np.full((len(data), 3), 1 / 3))


def test_intervals_end_with_idle_trials(monkeypatch):
    """Trials end at t; those of the idle method count with the time since the trial before, whichever that was."""
    ends = iter([1.0, 2.0, 4.0, 7.0])
    monkeypatch.setattr(time, "perf_counter", lambda: next(ends))
    plugin = IdlePlugin()
    for number, method in enumerate((NAME, "no_transfer", NAME, NAME)):
        plugin.trial_finished(TrialRecord(number, Choice(method, None, None, {}), Status.COMPLETE))
    assert plugin.intervals() == [2.0, 3.0]
