"""uLSIF."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_adaptation.ratio_kernels import RatioKernels
from autotransfer_adaptation.ulsif import Ulsif, least_squares_ratios, leave_one_out_error, ratio_coefficients

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, Source, Task


@pytest.mark.parametrize(("m", "n"), [(12, 12), (15, 9), (9, 15)])
@pytest.mark.parametrize("penalty", [0.01, 1.0])
def test_closed_form_equals_leaving_rows_out(m: int, n: int, penalty: float) -> None:
    """mean_i w_-i(s_i)^2 / 2 - w_-i(t_i), every w_-i fitted anew without source row i and target row i."""
    rng = np.random.default_rng(0)
    phi_S, phi_T = rng.uniform(size=(m, 4)), rng.uniform(size=(n, 4))
    losses = []
    for i in range(min(m, n)):
        alpha = ratio_coefficients(np.delete(phi_S, i, axis=0), np.delete(phi_T, i, axis=0), penalty)
        losses.append((phi_S[i] @ alpha) ** 2 / 2 - phi_T[i] @ alpha)
    np.testing.assert_allclose(leave_one_out_error(phi_S, phi_T, penalty), np.mean(losses), rtol=1e-8)


def test_ratio_of_two_gaussians() -> None:
    """N(0.5, 0.7^2) over N(0, 1)."""
    rng = np.random.default_rng(1)
    S, T = rng.normal(size=(1500, 1)), rng.normal(0.5, 0.7, size=(1500, 1))
    found = least_squares_ratios(RatioKernels.around_target(S, T, Context(seed=0)), Context(seed=0))
    x = S[:, 0]
    true = np.exp(x**2 / 2 - (x - 0.5) ** 2 / (2 * 0.49)) / 0.7
    assert np.corrcoef(found, true)[0, 1] > 0.9


def test_corrects_a_misspecified_linear_model() -> None:
    """y = x^3 - x: a line fitted where the target lives has less than half of the error."""
    rng = np.random.default_rng(1)
    S, T = rng.normal(0.5, 0.5, size=(400, 1)), rng.normal(0.0, 0.3, size=(200, 1))
    ys, yt = (X[:, 0] ** 3 - X[:, 0] for X in (S, T))
    task = Task(Dataset("t", Modality.FEATURES, T[:0]), None, unlabeled=Dataset("u", Modality.FEATURES, T))
    offers = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    source = Source("s", offers, Dataset("s", Modality.FEATURES, S, ys))
    errors = [
        np.mean((Ulsif(flattening=f).fit(task, source, Context()).predict(task.unlabeled) - yt) ** 2) for f in (0, 1)
    ]
    assert errors[1] < 0.5 * errors[0]


def test_a_single_row_has_no_leave_one_out_error() -> None:
    """Nothing is left to fit on: 0, not NaN."""
    assert leave_one_out_error(np.ones((1, 2)), np.ones((5, 2)), 0.1) == 0.0
