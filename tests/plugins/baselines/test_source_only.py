"""The source alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from autotransfer_baselines.domains import Domains
from autotransfer_baselines.source_only import SourceOnly

from autotransfer.data import Dataset, Modality
from autotransfer.learners import Linear
from autotransfer.task import Context


def test_never_looks_at_target_labels(toy):
    problem = toy(3)
    other = replace(problem.task.train, y=problem.task.train.labels[::-1])
    fitted = [
        SourceOnly().fit(replace(problem.task, train=train), problem.source, Context())
        for train in (problem.task.train, other)
    ]
    np.testing.assert_array_equal(fitted[0].predict(problem.test), fitted[1].predict(problem.test))


def test_joint_is_its_learner_on_the_source_rows(toy):
    problem = toy(0)
    rows = problem.source.rows
    learned = Linear().fit(rows.X, rows.labels, n_classes=0)
    fitted = SourceOnly().fit(problem.task, problem.source, Context())
    np.testing.assert_array_equal(fitted.predict(problem.test), learned.predict(problem.test))


def test_per_domain_scaling_undoes_a_change_of_units(toy):
    """Reading c x + 7 instead of x, with another c for each column, changes little."""
    problem = toy(3, n=60)
    units = np.array([100.0, 0.01, 3.0, 40.0, 0.2, 1000.0])

    def changed(data):
        return Dataset(data.name, Modality.FEATURES, units * data.X + 7.0, data.y)

    task = replace(problem.task, train=changed(problem.task.train), unlabeled=changed(problem.task.unlabeled))
    accuracy = {}
    for mode in ("joint", "per_domain"):
        fitted = SourceOnly(scaling=mode).fit(task, problem.source, Context())
        accuracy[mode] = np.mean(fitted.predict(changed(problem.test)).argmax(1) == problem.test.labels)
    assert accuracy["per_domain"] > accuracy["joint"] + 0.2


def test_rows_of_the_source_are_scaled_by_their_own_domain(toy):
    """``for_source`` predicts what the learner says of the rows that it was trained on."""
    problem = toy(3)
    rows = problem.source.rows
    domains = Domains.of(problem.task, problem.source, "per_domain")
    fitted = SourceOnly(scaling="per_domain").fit(problem.task, problem.source, Context())
    there = fitted.for_source()
    np.testing.assert_array_equal(there.represent(rows), domains.source)
    np.testing.assert_array_equal(there.predict(rows), fitted.inner.predict_features(domains.source))
    np.testing.assert_array_equal(fitted.represent(problem.test), fitted.scaler.transform(problem.test.X))
