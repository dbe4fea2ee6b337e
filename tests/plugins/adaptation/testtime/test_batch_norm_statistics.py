"""Target statistics undo a dimmed and offset target."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.deep.source_network import SourceNetwork
from autotransfer_adaptation.testtime.batch_norm_statistics import BatchNormStatistics

from autotransfer.task import Context


def test_it_is_better_than_the_network_before(corrupted) -> None:
    """And with an overwhelming prior it is that network."""
    task, source, test = corrupted
    models = [SourceNetwork(), BatchNormStatistics(), BatchNormStatistics(prior_rows=1e12)]
    before, found, same = (method.fit(task, source, Context()) for method in models)
    scores = [np.mean(model.predict(test).argmax(1) == test.labels) for model in (before, found)]
    assert scores[1] > scores[0] + 0.05
    np.testing.assert_allclose(same.predict(test), before.predict(test), atol=1e-4)


def test_source_rows_keep_their_statistics(corrupted) -> None:
    task, source, _ = corrupted
    before, found = (m.fit(task, source, Context()) for m in (SourceNetwork(), BatchNormStatistics()))
    assert {name.rpartition(".")[2] for name in found.source_arrays} == {"running_mean", "running_var"}
    np.testing.assert_array_equal(found.for_source().predict(source.rows), before.predict(source.rows))
