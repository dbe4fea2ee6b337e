"""The problem: every file read, every label matched, every doubt noted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autotransfer.assets import Asset
from autotransfer.errors import InputError
from autotransfer.loading.columns import listed
from autotransfer.loading.goal import Goal, find_goal
from autotransfer.loading.many import many_tasks
from autotransfer.loading.pairs import named_pairs, with_encoders
from autotransfer.loading.pool import pooled_source
from autotransfer.loading.readings import read_all
from autotransfer.loading.resolve import Given
from autotransfer.loading.scales import scale_note
from autotransfer.loading.sources import match_source
from autotransfer.loading.target import TargetRows, target_rows
from autotransfer.loading.tongues import find_tongues
from autotransfer.loading.unseen import few_seen, with_descriptions, with_seen_rows
from autotransfer.problem import FEW_IN_ALL, LENDING_CLASSES, Problem, RawData
from autotransfer.settings import Settings
from autotransfer.task import Source


def load_problem(target: Given, sources: Sequence[Given | Source], settings: Settings, hook: Any) -> Problem:
    """Read the target and its companions, match the sources with it, and keep the parts apart.

    Rows of the target that also stand in a source are dropped from the source. Two or more sources with the target's
    labels are joined by another one, ``all``, that holds the rows of each with its ``domain``.

    :param hook: pluggy relay with ``read_dataset(uri=, options=)`` and ``open_source(uri=)``.
    :raises InputError: one line that names the culprit, the rule and the fix.
    """
    read = read_all(target, sources, settings, hook)
    if read.target.also or settings.task is not None:
        return many_tasks(read, settings)
    read = with_descriptions(read, settings, hook)
    goal = find_goal(read.target, [raw for raw in read.sources if isinstance(raw, RawData)], settings.metric)
    rows = target_rows(read, goal, settings)
    held = rows.keys()
    matches = [match_source(source, rows.form, goal, held) for source in read.sources]
    tongues = find_tongues([match.source for match in matches if match.source is not None], rows, settings)
    described, unlabelled = read.target.class_attributes is not None, len(rows.train) == 0
    named = named_pairs(tongues.sources, goal, rows.train.labels)
    rows, usable = with_seen_rows(rows, named.sources, goal, described=described)
    goal_notes = () if unlabelled and len(rows.train) else goal.notes  # no label of its own, and yet labels to score by
    pool, pool_notes = pooled_source(usable, [match.name for match in matches])
    paired = with_encoders(usable)
    few = (*_few(rows, goal), *few_seen(rows, goal, described=described))
    found = (note for match in matches for note in match.notes)
    told = (*tongues.notes, *named.notes, *paired.notes)
    scales = (note for source in usable if source.data is not None for note in scale_note(source.data, rows.form.like))
    problem = Problem(
        read.target.name,
        rows.train,
        goal.classes,
        (*paired.sources, pool) if pool is not None else paired.sources,
        rows.unlabeled,
        rows.test,
        read.target.class_attributes,
        notes=(*read.notes, *goal_notes, *rows.notes, *few, *found, *told, *scales, *pool_notes),
        skipped=(*((match.name, match.reason) for match in matches if match.source is None), *named.skipped),
        class_words=read.target.class_words,
        bridge=tongues.bridge,
    )
    _check_labels(problem, usable, "".join(f" ({reason})" for _, reason in named.skipped))
    return problem


def _check_labels(problem: Problem, sources: Sequence[Source], why: str) -> None:
    n, name = problem.n_labeled, problem.target.name
    if 0 < n < FEW_IN_ALL and problem.lender is None:
        lend = "" if problem.is_regression else f", or add a source with at least {LENDING_CLASSES} other classes"
        raise InputError(
            f"{name}: {n} labelled rows are left for training, at least {FEW_IN_ALL} are needed; label more{lend}"
        )
    helpful = Asset.SOURCE_LABELS | Asset.SOURCE_HEAD
    near = (source.offers for source in sources if Asset.OTHER_COLUMNS not in source.offers)
    if n == 0 and not any(offers & helpful for offers in near):
        raise InputError(
            f"{name}: no row has a label and no usable source has labels{why}; label at least {FEW_IN_ALL} "
            "rows, or add a labelled source"
        )


def _few(rows: TargetRows, goal: Goal) -> tuple[str, ...]:
    """Classes with one labelled row, and those without."""
    if goal.classes is None or len(rows.train) == 0:
        return ()
    counts = np.bincount(rows.train.labels, minlength=len(goal.classes))
    once = [name for name, count in zip(goal.classes, counts, strict=True) if count == 1]
    never = [name for name, count in zip(goal.classes, counts, strict=True) if count == 0]
    found = ((once, "a single labelled row; kept"), (never, "no labelled row for training"))
    return tuple(f"{rows.train.name}: {_named(names)} {words}" for names, words in found if names)


def _named(classes: list[str]) -> str:
    return f"class {classes[0]!r} has" if len(classes) == 1 else f"classes {listed(classes)} have each"
