"""MCD on moons, and how its two heads end."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.deep.mcd import MaximumClassifierDiscrepancy
from autotransfer_adaptation.deep.source_network import SourceNetwork

from autotransfer.task import Context


def test_it_follows_the_turned_moons_with_two_heads(turned) -> None:
    task, source, test = turned()
    plain = SourceNetwork().fit(task, source, Context())
    found = MaximumClassifierDiscrepancy(repeats=4).fit(task, source, Context())
    assert found.spec.heads == 2
    scores = [np.mean(model.predict(test).argmax(1) == test.labels) for model in (plain, found)]
    assert scores[1] > scores[0]


def test_target_labels_enter_the_loss(turned) -> None:
    """Moons turned by a right angle: twenty labels with a large weight put right what the source's labels mislead."""
    task, source, test = turned(degrees=90, n_labeled=20)
    low, high = (
        np.mean(
            MaximumClassifierDiscrepancy(target_weight=w, repeats=4)
            .fit(task, source, Context())
            .predict(test)
            .argmax(1)
            == test.labels
        )
        for w in (0.01, 10.0)
    )
    assert low < high - 0.2
    assert high > 0.7
