"""Label overlap."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from autotransfer_relatedness.label_overlap import LabelOverlap

from autotransfer.task import Context, Source, Task


def test_classes_are_compared_by_name(related: tuple[Task, Source]) -> None:
    """Index 1 of the source is "maybe": of the target's {no, yes} it knows "no" only."""
    task, source = related
    assert LabelOverlap().estimate(task, source, Context()) == 1.0
    assert LabelOverlap().estimate(task, replace(source, classes=("no", "maybe")), Context()) == 0.5
    assert LabelOverlap().estimate(task, replace(source, classes=("x", "z")), Context()) == 0.0


def test_a_declared_class_without_rows_does_not_count(related: tuple[Task, Source]) -> None:
    """The source declares both classes, but all of its rows are "no"."""
    task, source = related
    only_no = replace(source, data=replace(source.rows, y=np.zeros(len(source.rows), np.int64)))
    assert LabelOverlap().estimate(task, only_no, Context()) == 0.5


def test_undefined_for_values(values) -> None:
    """No classes, no share."""
    assert math.isnan(LabelOverlap().estimate(*values(1.0), Context()))
