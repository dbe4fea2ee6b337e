"""Targets with classes that are described and have no labelled row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import concatenate
from autotransfer.loading.columns import listed
from autotransfer.loading.descriptions import read_descriptions
from autotransfer.loading.goal import Goal
from autotransfer.loading.readings import Readings
from autotransfer.loading.target import TargetRows
from autotransfer.problem import FEWEST_SEEN
from autotransfer.settings import Settings
from autotransfer.task import Source

_ROWS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def with_descriptions(read: Readings, settings: Settings, hook: Any) -> Readings:
    """The readings, the target's classes named and described by the file of ``--classes``, if there is one."""
    if settings.classes is None:
        return read
    found = read_descriptions(settings.classes, hook)
    notes = (*read.target.notes, *found.notes)
    target = replace(read.target, class_names=found.names, class_attributes=found.attributes, notes=notes)
    return replace(read, target=replace(target, class_words=found.words))


def with_seen_rows(
    rows: TargetRows, sources: Sequence[Source], goal: Goal, *, described: bool
) -> tuple[TargetRows, tuple[Source, ...]]:
    """For a target without labels whose classes are described, while the sources have rows of some of them: these rows
    are what there is to learn from, and take the place of labelled target rows.

    :returns: the target's rows, and the sources that are left.
    """
    givers = [source for source in sources if _ROWS in source.offers and source.data is not None]
    givers = [source for source in givers if Asset.PAIRS not in source.offers]  # captions tell of the other classes too
    if not described or len(rows.train) or not givers or goal.classes is None:
        return rows, tuple(sources)
    train = concatenate(rows.train.name, [source.rows for source in givers])
    missing = np.setdiff1d(np.arange(len(goal.classes)), train.labels)
    if not len(missing):
        return rows, tuple(sources)  # no class is unseen: it is a target without labels like others
    note = (
        f"{rows.train.name}: no row has a label; the labelled rows of {listed([s.name for s in givers])} take their "
        f"place, and the classes that they lack are told by their descriptions"
    )
    return replace(rows, train=train, notes=(*rows.notes, note)), tuple(s for s in sources if s not in givers)


def few_seen(rows: TargetRows, goal: Goal, *, described: bool) -> tuple[str, ...]:
    """A note where too few classes have rows to hold some of them out."""
    seen = len(np.unique(rows.train.labels)) if goal.classes is not None and len(rows.train) else 0
    if not described or goal.classes is None or not 0 < seen < min(FEWEST_SEEN, len(goal.classes)):
        return ()
    return (
        f"{rows.train.name}: {seen} of {len(goal.classes)} described classes have labelled rows; {FEWEST_SEEN} at "
        "least are needed to find out how well descriptions tell the others, which are never predicted now",
    )
