"""Rows of both domains on their way to the learner."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_adaptation.chain_predictor import ChainPredictor
from autotransfer_adaptation.jda import Jda
from autotransfer_adaptation.jgsa import Jgsa
from autotransfer_adaptation.tca import Tca

from autotransfer.method import Method
from autotransfer.scaling import SCALINGS
from autotransfer.task import Context


@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("method", [Tca, Jda, Jgsa], ids=lambda m: m.name)
def test_what_is_shown_is_what_the_learner_sees(method: type[Method], shift, scaling: str) -> None:
    """predict = learner(represent), for the target and for the source, each scaled by its own statistics."""
    task, source, test = shift()
    fitted = method(scaling=scaling).fit(task, source, Context(seed=0))
    assert isinstance(fitted, ChainPredictor)
    for side, data in ((fitted.for_source(), source.rows), (fitted, test)):
        np.testing.assert_allclose(fitted.learner.predict_features(side.represent(data)), side.predict(data))
    scaled = fitted.scaler.of_source(source.rows.X)
    way = fitted.source_chain or fitted.chain
    np.testing.assert_allclose(fitted.for_source().represent(source.rows), way(scaled))
