"""Training on weighted source rows."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_adaptation.domains import gather
from autotransfer_adaptation.weighted_fit import fit_weighted

from autotransfer.learners import Linear
from autotransfer.task import Context


def test_rows_of_no_weight_are_not_there(shift) -> None:
    """Weights 0 and 1 are the same as leaving rows out; n_eff = (sum w)^2 / sum w^2 and max w are told."""
    task, source, test = shift(n_labeled=10)
    domains = gather(task, source, "joint")
    weights = np.repeat([2.0, 0.0], [100, 200])
    fitted = fit_weighted(Linear(), domains, weights, 1.0, Context(seed=0))
    few = gather(task, type(source)("few", source.offers, source.rows.take(np.arange(100)), source.classes), "joint")
    X, y = np.concatenate([few.S, few.T[:10]]), np.concatenate([few.source_y, few.target_y])
    pooled = np.repeat([2.0, 20.0], [100, 10]) / (400 / 310)
    expected = Linear().fit(X, y, n_classes=2, weights=pooled)
    np.testing.assert_allclose(fitted.predict(test), expected.predict_features(test.X), atol=1e-6)
    assert fitted.diagnostics == pytest.approx({"effective_sample_size": 100.0, "largest_weight": 2.0})
