"""Interpolation of predictions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_baselines.interpolation import Interpolation, best_mix
from autotransfer_baselines.no_transfer import NoTransfer
from autotransfer_baselines.source_only import SourceOnly

from autotransfer.task import Context


@pytest.mark.parametrize("k", [0, 3])
@pytest.mark.parametrize("scaling", ["joint", "per_domain"])
def test_ends_are_the_two_models(k, scaling, toy):
    """(1 - mix) target + mix source, for mix 0, 1 and between."""
    problem = toy(k)
    near = NoTransfer().fit(problem.task, None, Context()).predict(problem.test)
    far = SourceOnly(scaling=scaling).fit(problem.task, problem.source, Context()).predict(problem.test)
    for mix in (0.0, 0.25, 1.0):
        fitted = Interpolation(tuned=False, mix=mix, scaling=scaling).fit(problem.task, problem.source, Context())
        np.testing.assert_allclose(fitted.predict(problem.test), (1 - mix) * near + mix * far, atol=1e-12)


@pytest.mark.parametrize("k", [0, 3])
def test_tuning_distrusts_a_source_of_noise_and_trusts_a_good_one(k, toy):
    problem = toy(k, n=60)
    rows = problem.source.rows
    noise = replace(rows, y=np.random.default_rng(1).permutation(rows.labels))
    poisoned = Interpolation().fit(problem.task, replace(problem.source, data=noise), Context())
    assert poisoned.mix <= 0.25
    few = toy(k, n=6)
    assert Interpolation().fit(few.task, few.source, Context()).mix >= 0.5


def test_best_mix_of_values_is_the_projection():
    """argmin ‖(1 - t) a + t b - y‖² = <y - a, b - a> / ‖b - a‖², up to the grid."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 50))
    y = 0.7 * a + 0.3 * b + 0.1 * rng.normal(size=50)
    exact = (y - a) @ (b - a) / np.square(b - a).sum()
    assert abs(best_mix(y, a, b) - exact) <= 0.025 + 1e-9


def test_best_mix_of_probabilities_prefers_who_is_right():
    y = np.array([0, 1, 1, 0])
    right, wrong = np.eye(2)[y] * 0.8 + 0.1, np.eye(2)[1 - y] * 0.8 + 0.1
    assert best_mix(y, right, wrong) == 0.0
    assert best_mix(y, wrong, right) == 1.0
