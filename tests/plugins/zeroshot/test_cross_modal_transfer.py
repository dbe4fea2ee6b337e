"""The gate, and what stands behind it."""

from __future__ import annotations

import numpy as np
from autotransfer_zeroshot.cross_modal_transfer import CrossModalTransfer, fitted_gate, left_out
from autotransfer_zeroshot.distances import class_distances
from autotransfer_zeroshot.gated_predictor import GatedPredictor

from autotransfer.task import Context


def test_distances_are_to_the_nearest_centre_in_its_own_unit(rows) -> None:
    """min_c ‖x - μ_c‖² / s_c, s_c the class's mean square distance with five pooled ones added, written out."""
    gate = fitted_gate(rows, rows.X, None, 0.25)
    squares = np.array([[np.sum((x - rows.X[rows.y == c].mean(axis=0)) ** 2) for c in rows.classes] for x in rows.X])
    np.testing.assert_allclose(gate.distances(rows.X), (squares / gate.widths).min(axis=1))
    _, without = class_distances(rows.X, rows.y)
    own = without[np.arange(len(rows.y)), np.searchsorted(rows.classes, rows.y)]
    widths = [(own[rows.y == c].sum() + 5 * own.mean()) / ((rows.y == c).sum() + 5) for c in rows.classes]
    np.testing.assert_allclose(gate.widths, widths)
    assert abs(np.mean((without / gate.widths).min(axis=1) > gate.limit) - 0.25) < 1.5 / len(rows.X)
    np.testing.assert_array_equal(gate.novelty(rows.X) > 0.5, gate.distances(rows.X) > gate.limit)


def test_novel_rows_go_to_the_nearest_unseen_signature_and_others_to_the_classifier(toy) -> None:
    """Among themselves, unseen classes are ranked by -‖x W - s‖²; the sum over unseen ones is the gate's novelty."""
    model = CrossModalTransfer(signatures="unit").fit(toy.task, None, Context())
    assert isinstance(model, GatedPredictor)
    predicted, Z = model.predict(toy.test), (toy.test.X - model.mean) / model.scale
    np.testing.assert_allclose(predicted[:, [2, 5]].sum(axis=1), model.gate.novelty(Z))
    known = model.known.predict_features(Z)
    seen = [0, 1, 3, 4, 6]
    np.testing.assert_array_equal(predicted[:, seen].argmax(axis=1), known[:, seen].argmax(axis=1))
    right = np.array([2, 5])[predicted[:, [2, 5]].argmax(axis=1)] == toy.test.labels
    assert right.mean() > 0.9


def test_the_papers_space_is_that_of_the_signatures(rows, rng) -> None:
    """A projection changes where distances are measured, and nothing else."""
    W = rng.normal(size=(rows.X.shape[1], 2))
    gate = fitted_gate(rows, rows.X @ W, W, 0.5)
    centres = np.stack([(rows.X[rows.y == c] @ W).mean(axis=0) for c in rows.classes])
    np.testing.assert_allclose(gate.centres, centres)
    assert gate.projection is W


def test_left_out_values_are_those_of_regressions_without_the_row(rng) -> None:
    """Ridge on all other rows, one by one."""
    X, S = rng.normal(size=(12, 3)), rng.normal(size=(12, 2))
    for i, found in enumerate(left_out(X, S, 0.4)):
        rest = np.arange(12) != i
        W = np.linalg.inv(X[rest].T @ X[rest] + 0.4 * np.eye(3)) @ X[rest].T @ S[rest]
        np.testing.assert_allclose(found, X[i] @ W)
