"""Toy evidence is what its words say."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.testing.clues import crowd, nearest, only, reordered, toy_evidence, under_other_names
from autotransfer.validator import Clue


@pytest.mark.parametrize("regression", [False, True])
def test_right_predictions_are_right_and_ones_by_lot_are_not(regression: bool) -> None:
    good, bad = (toy_evidence(regression=regression, by_lot=by_lot) for by_lot in (False, True))
    scores = [part.metric.score(part.held.labels, part.held_predictions) for part in (good, bad)]
    assert scores[0] > (-0.2 if regression else 0.95)
    assert scores[1] < (-1.0 if regression else 0.6)
    assert good.target.y is None


def test_without_clues_nothing_can_be_looked_at() -> None:
    bare = only(Clue.NONE, toy_evidence(regression=False))
    assert np.isnan(bare.held_predictions).all()
    assert np.isnan(bare.target_predictions).all()
    assert bare.held.y is None
    assert bare.target_features.shape[1] == 0
    with pytest.raises(LookupError, match="REFIT"):
        bare.refit(bare.known, bare.target, bare.held)


def test_all_clues_leave_all() -> None:
    whole = toy_evidence(regression=False)
    same = only(~Clue.NONE, whole)
    assert same.held_predictions is whole.held_predictions
    assert same.refit is whole.refit


def test_another_order_keeps_rows_together() -> None:
    """A multiset of (features, predictions) stays what it was."""
    before = toy_evidence(regression=False)
    for after in (reordered(before), reordered(crowd(before, 200))):
        joined = np.hstack([after.target_features, after.target_predictions])
        start = np.hstack([before.target_features, before.target_predictions])
        assert {tuple(row) for row in joined} == {tuple(row) for row in start}
    assert len(crowd(before, 200).known) == 200


def test_other_names_go_round_all_classes() -> None:
    before = toy_evidence(regression=False)
    after = under_other_names(before)
    np.testing.assert_array_equal(after.held.labels, (before.held.labels + 1) % 3)
    np.testing.assert_array_equal(after.held_predictions.argmax(1), (before.held_predictions.argmax(1) + 1) % 3)


def test_the_nearest_row_gives_its_label() -> None:
    evidence = toy_evidence(regression=False)
    np.testing.assert_array_equal(nearest(evidence.known, evidence.known, 3).argmax(1), evidence.known.labels)
