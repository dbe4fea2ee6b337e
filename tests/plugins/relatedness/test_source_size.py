"""The static prior."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from autotransfer_relatedness.source_size import SourceSize

from autotransfer.task import Context, Source, Task


def test_it_counts_rows_and_looks_at_none(related: tuple[Task, Source], reversed_concept: tuple[Task, Source]) -> None:
    """log10 of 400, whatever the rows and labels are; NaN for none."""
    task, source = related
    assert SourceSize().estimate(task, source, Context()) == pytest.approx(math.log10(400))
    assert SourceSize().estimate(*reversed_concept, Context()) == pytest.approx(math.log10(400))
    assert math.isnan(SourceSize().estimate(task, replace(source, data=source.rows.take(np.arange(0))), Context()))
