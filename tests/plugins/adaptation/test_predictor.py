"""Saving and loading: the state is plain and complete."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from autotransfer_adaptation import transfer_methods
from autotransfer_adaptation.predictor import AdaptedPredictor

from autotransfer.method import Method
from autotransfer.state import load_state, save_state
from autotransfer.task import Context


@pytest.mark.parametrize("method", transfer_methods(), ids=lambda m: m.name)
def test_files_give_equal_predictions(method: type[Method], shift, tmp_path: Path) -> None:
    """restore(load(save(state))) predicts the same numbers and keeps the diagnostics."""
    task, source, test = shift(n_labeled=10)
    fitted = method().fit(task, source, Context(seed=0))
    assert isinstance(fitted, AdaptedPredictor)
    save_state(tmp_path, fitted.state())
    again = AdaptedPredictor.restore(load_state(tmp_path))
    np.testing.assert_array_equal(again.predict(test), fitted.predict(test))
    assert again.diagnostics == fitted.diagnostics
