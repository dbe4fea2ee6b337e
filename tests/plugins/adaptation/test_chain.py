"""Maps in a row, and their plain form."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from autotransfer_adaptation.chain import Chain, Divide, Gaussian, Project, UnitRows

from autotransfer.errors import InputError
from autotransfer.state import load_state, save_state


def test_steps_follow_each_other() -> None:
    """unit(x / 2) M, then a Gaussian kernel with two anchors."""
    rng = np.random.default_rng(0)
    X, M, anchors = rng.normal(size=(6, 3)), rng.normal(size=(3, 2)), rng.normal(size=(2, 2))
    found = Chain((Divide(2.0), UnitRows())).then(Project(M), Gaussian(anchors, 0.5))(X)
    Z = X / np.linalg.norm(X, axis=1, keepdims=True) @ M
    expected = np.exp(-0.5 * np.square(Z[:, None] - anchors).sum(axis=2))
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_zero_rows_stay() -> None:
    """0 has no direction; no rows are fine."""
    np.testing.assert_array_equal(UnitRows()(np.array([[0.0, 0.0], [3.0, 4.0]])), [[0.0, 0.0], [0.6, 0.8]])
    assert UnitRows()(np.empty((0, 2))).shape == (0, 2)


def test_files_give_the_same_map(tmp_path: Path) -> None:
    """restore(load(save(state))) maps rows to the same numbers."""
    rng = np.random.default_rng(1)
    chain = Chain((Divide(3.0), UnitRows(), Project(rng.normal(size=(4, 2))), Gaussian(rng.normal(size=(5, 2)), 2.0)))
    save_state(tmp_path, chain.state())
    X = rng.normal(size=(7, 4))
    np.testing.assert_array_equal(Chain.restore(load_state(tmp_path))(X), chain(X))


def test_unknown_steps_are_refused() -> None:
    """A hostile state is named, not followed."""
    with pytest.raises(InputError, match="step 'os'"):
        Chain.restore({"steps": [{"kind": "os"}]})
