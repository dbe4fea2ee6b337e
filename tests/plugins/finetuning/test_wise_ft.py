"""On the line between two networks, both ends included."""

from __future__ import annotations

import numpy as np
from autotransfer_finetuning.linear_probe_fine_tuning import LinearProbeFineTuning
from autotransfer_finetuning.wise_ft import WiseFt

from autotransfer.task import Context
from autotransfer.testing.problems import ToyProblem


def test_weights_are_on_the_line(problem: ToyProblem) -> None:
    """alpha 0: the probe alone; 1: the probe fine-tuned; between, the mean of the two, weighted."""
    task, source = problem.task, problem.source
    found = {alpha: WiseFt(epochs=3, alpha=alpha).fit(task, source, Context()).arrays for alpha in (0.0, 0.25, 1.0)}
    probe = LinearProbeFineTuning(epochs=3, rate=0.0).fit(task, source, Context()).arrays
    tuned = LinearProbeFineTuning(epochs=3).fit(task, source, Context()).arrays
    for name in tuned:
        np.testing.assert_allclose(found[0.0][name], probe[name], atol=1e-6)
        np.testing.assert_allclose(found[1.0][name], tuned[name], atol=1e-6)
        np.testing.assert_allclose(found[0.25][name], 0.75 * probe[name] + 0.25 * tuned[name], atol=1e-6)
