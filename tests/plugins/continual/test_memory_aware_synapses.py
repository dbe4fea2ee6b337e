"""MAS: importance of a linear model in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_continual.course import Scenario
from autotransfer_continual.memory_aware_synapses import Sensitive, sensitivity
from autotransfer_continual.pupil import teach

from autotransfer.nets import Plan


@pytest.mark.parametrize("scenario", [Scenario.DOMAIN, Scenario.TASK])
def test_it_is_that_of_a_linear_model(make_course, make_pupil, scenario) -> None:
    """f = W x + b, so that d ||f||² / d W_ck = 2 f_c x_k and d ||f||² / d b_c = 2 f_c; 0 for outputs of other tasks."""
    pupil = make_pupil(make_course(scenario))
    layer, X = pupil.network.heads[0], pupil.lesson.X.double().numpy()
    f = X @ layer.weight.detach().double().numpy().T + layer.bias.detach().double().numpy()
    f[:, 3:] = 0
    expected = np.concatenate([(np.abs(2 * f).T @ np.abs(X)).ravel(), np.abs(2 * f).sum(axis=0)]) / len(X)
    np.testing.assert_allclose(sensitivity(pupil).numpy(), expected, rtol=1e-4, atol=1e-7)


def test_that_of_all_lessons_is_added_up(make_course, make_pupil) -> None:
    pupil = make_pupil(make_course(Scenario.DOMAIN))
    strategy = Sensitive(pupil, 1.0)
    teach(strategy, 0, Plan(epochs=2))
    first = strategy.anchor.importance
    teach(strategy, 1, Plan(epochs=2))
    np.testing.assert_allclose(strategy.anchor.importance.numpy(), (first + sensitivity(pupil)).numpy(), rtol=1e-5)
