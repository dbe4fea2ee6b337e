"""Scales of rows and of descriptions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_zeroshot.described import SIGNATURES, describe, signature_matrix


def test_rows_are_standardised_and_about_as_long_as_one(toy, rows) -> None:
    np.testing.assert_allclose(rows.X.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(np.square(rows.X).sum(axis=1).mean(), 1.0)
    np.testing.assert_allclose(rows.X * rows.scale + rows.mean, toy.task.train.X, atol=1e-6)
    assert list(np.flatnonzero(~rows.seen)) == [2, 5]


@pytest.mark.parametrize("signatures", SIGNATURES)
def test_signatures_have_length_one_or_zero(rng, signatures: str) -> None:
    attributes = np.concatenate([rng.normal(3, 2, (5, 4)), np.zeros((1, 4))])
    lengths = np.linalg.norm(signature_matrix(attributes, signatures), axis=1)
    np.testing.assert_allclose(lengths[:5], 1.0)
    assert lengths[5] == pytest.approx(0.0 if signatures == "unit" else 1.0)


def test_standardised_signatures_do_not_depend_on_units(rng) -> None:
    attributes = rng.normal(size=(5, 4))
    moved = attributes * [1, 10, 0.1, 3] + [5, -2, 0, 1]
    expected = signature_matrix(attributes, "standardised")
    np.testing.assert_allclose(signature_matrix(moved, "standardised"), expected, atol=1e-12)


def test_what_cannot_be_described_is_refused(toy) -> None:
    with pytest.raises(TypeError, match="describes no class"):
        describe(replace(toy.task, class_attributes=None))
    with pytest.raises(ValueError, match="standardised or unit"):
        signature_matrix(np.eye(2), "other")
