"""Outputs moved to other class shares."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.prior_predictor import PriorPredictor

from autotransfer.learners import Neighbors
from autotransfer.scaling import DomainScaler


def test_bayes_rule_with_new_shares() -> None:
    """p (0.75, 0.25) under ratios (1, 3) becomes equal; a class of probability 0 stays impossible."""
    learner = Neighbors(k=4).fit(np.zeros((4, 1)), np.array([0, 0, 0, 1]), n_classes=3)
    found = PriorPredictor(DomainScaler(None, None), learner, np.array([1.0, 3.0, 9.0])).predict_features(
        np.zeros((1, 1))
    )
    np.testing.assert_allclose(found, [[0.5, 0.5, 0.0]])
