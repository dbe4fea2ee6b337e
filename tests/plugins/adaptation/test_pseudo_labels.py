"""Known labels and those of a model."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.discrepancy import UNKNOWN
from autotransfer_adaptation.domains import gather
from autotransfer_adaptation.pseudo_labels import known_labels, relabeled

from autotransfer.learners import Neighbors


def test_known_labels_stay(shift) -> None:
    """A model that says the class b everywhere changes the unlabelled rows alone."""
    task, source, _ = shift(n_labeled=12, n_unlabeled=5)
    domains = gather(task, source, "joint")
    np.testing.assert_array_equal(known_labels(domains), [*task.train.labels, *[UNKNOWN] * 5])
    b = Neighbors(k=1).fit(np.zeros((2, 4)), np.array([1, 1]), n_classes=2)
    np.testing.assert_array_equal(relabeled(b, domains.T, domains), [*task.train.labels, *[1] * 5])
