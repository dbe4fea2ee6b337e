"""ADDA: two ways to one head."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_adaptation.deep.adda import Adda
from autotransfer_adaptation.deep.source_network import SourceNetwork

from autotransfer.errors import TrainingError
from autotransfer.task import Context


def test_the_target_has_a_backbone_of_its_own_and_the_source_keeps_the_first(turned) -> None:
    """The head is shared. Source rows are predicted as by the network of the first stage, which is source_network's."""
    task, source, _ = turned()
    fitted, first = Adda().fit(task, source, Context()), SourceNetwork().fit(task, source, Context())
    assert all(name.startswith("backbone.") for name in fitted.source_arrays)
    assert "backbone.0.weight" in fitted.source_arrays
    rows = source.rows
    np.testing.assert_array_equal(fitted.for_source().predict(rows), first.predict(rows))
    assert not np.array_equal(fitted.predict(rows), first.predict(rows))


def test_it_follows_a_target_that_is_moved(moved) -> None:
    """Better than the network of the first stage."""
    task, source, test = moved
    plain, found = (
        np.mean(m.fit(task, source, Context()).predict(test).argmax(1) == test.labels)
        for m in (SourceNetwork(), Adda())
    )
    assert found > plain + 0.05


def test_one_class_for_the_whole_target_is_a_failure_with_its_reason(turned) -> None:
    task, source, _ = turned()
    same = replace(task, unlabeled=task.unlabeled.with_inputs(np.ones_like(task.unlabeled.X)))
    with pytest.raises(TrainingError, match="collapsed"):
        Adda().fit(same, source, Context())
