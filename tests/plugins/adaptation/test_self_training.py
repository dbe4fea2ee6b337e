"""Self-training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_adaptation.self_training import SelfTraining, surest
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.data import Dataset, Modality
from autotransfer.errors import PrunedError
from autotransfer.task import Context


@given(st.integers(0, 1000), st.floats(0.01, 1.0), st.floats(0.0, 0.99))
def test_the_surest_of_each_class(seed: int, share: float, confidence: float) -> None:
    """Per predicted class: at most ceil(share * count) rows, all sure enough, none surer left out."""
    p = np.random.default_rng(seed).dirichlet([1.0, 1.0, 1.0], size=30)
    chosen = surest(p, share, confidence)
    assert (np.diff(chosen) > 0).all()
    assert (p[chosen].max(axis=1) >= confidence).all()
    for label in range(3):
        rows = np.flatnonzero(p.argmax(axis=1) == label)
        mine = np.intersect1d(rows, chosen)
        assert len(mine) <= np.ceil(share * len(rows))
        left = np.setdiff1d(rows, mine)
        if len(mine) and len(left):
            assert p[mine].max(axis=1).min() >= p[left].max(axis=1).max()


def test_follows_the_target_clusters(shift) -> None:
    """A moderate shift of the class boundary: pseudo-labels move it into the gap between the target's clusters."""
    matrix = np.eye(4)
    task, source, test = shift(matrix=matrix)
    moved = replace(source, data=replace(source.rows, inputs=source.rows.X - 4.0 + [1.8, 0, 0, 0]))
    plain = SelfTraining(rounds=1, confidence=0.99999).fit(task, moved, Context(seed=0))
    trained = SelfTraining(rounds=5, final_share=1.0).fit(task, moved, Context(seed=0))
    before, after = (np.mean(f.predict(test).argmax(axis=1) == test.labels) for f in (plain, trained))
    assert after > before + 0.02
    assert trained.diagnostics["pseudo_labeled_share"] > 0.9


def test_reports_validation_accuracy_and_lets_pruning_pass(shift) -> None:
    """One report a round, with the accuracy of that round's model; a pruned trial ends at once."""
    task, source, test = shift()
    task = replace(task, validation=test)
    seen: list[tuple[int, float]] = []
    fitted = SelfTraining(rounds=3).fit(task, source, Context(report=lambda step, score: seen.append((step, score))))
    assert [step for step, _ in seen] == [1, 2, 3]
    assert seen[-1][1] == np.mean(fitted.predict(test).argmax(axis=1) == test.labels)

    def prune(step: int, score: float) -> None:
        raise PrunedError

    with pytest.raises(PrunedError):
        SelfTraining().fit(task, source, Context(report=prune))


def test_no_unlabeled_row_is_plain_training(shift) -> None:
    """An empty pool leaves the first model."""
    task, source, test = shift(n_labeled=10)
    empty = replace(task, unlabeled=Dataset("u", Modality.FEATURES, np.empty((0, 4))))
    fitted = SelfTraining().fit(empty, source, Context(seed=0))
    assert fitted.diagnostics["pseudo_labeled_share"] == 0.0
    assert fitted.predict(test).shape == (400, 2)
