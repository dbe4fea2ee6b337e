"""The reference of the deep methods; and promises of the kit for raw images, which their network takes as well."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_adaptation.deep.source_network import SourceNetwork

from autotransfer.data import Modality
from autotransfer.task import Context
from autotransfer.testing.methods import method_checks
from autotransfer.testing.problems import no_target_labels

PROMISES = {"outputs", "beats_chance", "few_rows", "deterministic", "saves_and_loads", "distrusts_state"}


def test_raw_images_keep_the_promises_that_features_keep() -> None:
    """Those of the conformance kit that do not need many fits, on the toy images."""
    problems = [no_target_labels(Modality.IMAGE)]
    checks = [check for check in method_checks(SourceNetwork, problems=problems) if check.name in PROMISES]
    assert {check.name for check in checks} == PROMISES
    for check in checks:
        check()


@pytest.mark.parametrize("degrees", [0.0, 180.0])
def test_it_learns_the_source_alone(turned, degrees: float) -> None:
    """Right on a target like the source, wrong on one that is its reverse."""
    task, source, test = turned(degrees=degrees)
    found = np.mean(SourceNetwork().fit(task, source, Context()).predict(test).argmax(1) == test.labels)
    assert found > 0.95 if degrees == 0.0 else found < 0.05
