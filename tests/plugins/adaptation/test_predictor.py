"""Saving and loading: the state is plain and complete."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from autotransfer_adaptation import transfer_methods
from autotransfer_adaptation.coral import Coral
from autotransfer_adaptation.importance_weighting import ImportanceWeighting
from autotransfer_adaptation.subspace_alignment import SubspaceAlignment

from autotransfer.method import Method
from autotransfer.scaling import SCALINGS
from autotransfer.state import load_state, save_state
from autotransfer.task import Context


@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("method", [Coral, SubspaceAlignment, ImportanceWeighting], ids=lambda m: m.name)
def test_rows_of_the_source_go_the_sources_way(method: type[Method], shift, scaling: str) -> None:
    """The learner has seen the source's rows as ``for_source`` maps them, so it knows their classes; target rows keep
    their own way, and what both are mapped to is what ``represent`` shows."""
    task, source, test = shift()
    fitted = method(scaling=scaling).fit(task, source, Context(seed=0))
    there, rows = fitted.for_source(), source.rows
    assert np.mean(there.predict(rows).argmax(1) == rows.labels) > 0.95
    for side, data in ((there, rows), (fitted, test)):
        np.testing.assert_allclose(fitted.learner.predict_features(side.represent(data)), side.predict(data))


@pytest.mark.parametrize("method", transfer_methods(), ids=lambda m: m.name)
def test_files_give_equal_predictions(method: type[Method], shift, tmp_path: Path) -> None:
    """restore(load(save(state))) predicts the same numbers and keeps the diagnostics."""
    task, source, test = shift(n_labeled=10)
    fitted = method().fit(task, source, Context(seed=0))
    assert isinstance(fitted, method.predictor)
    save_state(tmp_path, fitted.state())
    again = method.predictor.restore(load_state(tmp_path))
    np.testing.assert_array_equal(again.predict(test), fitted.predict(test))
    assert getattr(again, "diagnostics", None) == getattr(fitted, "diagnostics", None)
