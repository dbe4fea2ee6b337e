"""Labels of target rows: those that are known, and the model's for the others."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array
from autotransfer.learners import LearnerPredictor
from autotransfer_adaptation.discrepancy import UNKNOWN
from autotransfer_adaptation.domains import Domains


def known_labels(domains: Domains) -> Array:
    """(n,) of the target rows: labels, then ``UNKNOWN``."""
    rest = np.full(len(domains.T) - domains.n_labeled, UNKNOWN, dtype=np.int64)
    return np.concatenate([domains.target_y.astype(np.int64), rest])


def relabeled(learner: LearnerPredictor, Z: Array, domains: Domains) -> Array:
    """(n,): known labels stay, other target rows Z (n, k) get their likeliest class."""
    labels = known_labels(domains)
    if len(labels) > domains.n_labeled:
        labels[domains.n_labeled :] = learner.predict_features(Z[domains.n_labeled :]).argmax(axis=1)
    return labels
