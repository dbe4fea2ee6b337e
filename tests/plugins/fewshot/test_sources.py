"""Which sources are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from autotransfer_fewshot.maml import Maml
from autotransfer_fewshot.sources import why_refused

from autotransfer.assets import Asset


def test_sources_with_the_targets_classes_or_too_few_of_their_own(problem) -> None:
    source = problem[1]
    assert why_refused(source) is None
    assert "are the target's" in Maml.refuses(replace(source, offers=source.offers | Asset.SHARED_LABELS))
    few = replace(source, data=source.rows.take(source.rows.labels < 3))
    assert why_refused(few).startswith("3 of its classes have two rows, 4 at least")
    once = replace(source, data=source.rows.take(np.unique(source.rows.labels, return_index=True)[1]))
    assert why_refused(once).startswith("0 of its classes")
