"""Typical errors by key."""

from __future__ import annotations

import numpy as np

from autotransfer.foresight.spread import fit_spread


def test_errors_of_a_kind_are_told_apart_and_never_zero() -> None:
    """Two kinds with errors 1 and 3 on 40 targets: between them and the common mean, in their order."""
    keys = np.tile([["sure"], ["unsure"]], (40, 1)).astype(object)
    targets = np.repeat([f"t{i}" for i in range(40)], 2)
    spread, own = fit_spread(keys, targets, np.tile([1.0, 3.0], 40))
    sure, unsure = spread.of(np.array([["sure"], ["unsure"]], dtype=object))
    assert 1.0 < sure < 1.1
    assert 2.9 < unsure < 3.0
    np.testing.assert_allclose(own[:2], [sure, unsure], atol=0.02)
    assert (fit_spread(keys, targets, np.zeros(80))[1] > 0).all()
