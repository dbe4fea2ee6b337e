"""``autotransfer predict``: predictions of the chosen model as CSV."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from autotransfer.cli import streams
from autotransfer.commands import Command

if TYPE_CHECKING:
    from autotransfer.run import Predictions


def configure(parser: argparse.ArgumentParser) -> None:
    """Run, data and where to write."""
    parser.add_argument("run", metavar="RUN", type=Path, help="run directory")
    parser.add_argument("data", metavar="DATA", help="rows to predict, in the target's form; labels are ignored")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="CSV file (default: standard output)")


def execute(args: argparse.Namespace) -> int:
    """Predict every row, in the order of the data."""
    from autotransfer.run import Run

    with streams.kept_clean():
        predictions = Run.load(args.run).predict(args.data)
    streams.answer(as_csv(predictions), args.output)
    return 0


def as_csv(predictions: Predictions) -> str:
    """``prediction`` and, for classes, ``p(CLASS)`` for each class; a row for each row of the data."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if predictions.tasks:
        writer.writerows(_of_tasks(predictions))
        return text.getvalue()
    labels = predictions.labels.tolist()
    if predictions.probabilities is None:
        writer.writerow(["prediction"])
        writer.writerows([label] for label in labels)
    else:
        writer.writerow(["prediction", *(f"p({name})" for name in predictions.classes or ())])
        shares = predictions.probabilities.tolist()
        writer.writerows([label, *row] for label, row in zip(labels, shares, strict=True))
    return text.getvalue()


def _of_tasks(predictions: Predictions) -> Iterator[list[object]]:
    """Of several tasks: the task's name and, for classes, ``p(TASK=CLASS)``. Where each row is of one task there is
    ``prediction`` alone."""
    if predictions.labels.ndim == 1:
        yield ["prediction"]
        yield from ([label] for label in predictions.labels)
        return
    head: list[object] = []
    columns: list[Sequence[object]] = []
    for name, part in predictions.tasks:
        head += [name, *(f"p({name}={one})" for one in part.classes or ())]
        columns += [part.labels.tolist(), *(() if part.probabilities is None else part.probabilities.T.tolist())]
    yield head
    yield from (list(row) for row in zip(*columns, strict=True))


COMMAND = Command("predict", "predictions and probabilities of the chosen model", configure, execute)
