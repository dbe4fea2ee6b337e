"""The options of ``fit``: one row for each field of ``Settings``."""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from autotransfer.errors import InputError
from autotransfer.settings import Settings, parse_duration, parse_size


def _typed(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """argparse adds the option's name to ``ArgumentTypeError`` alone."""

    def convert(text: str) -> Any:
        try:
            return parse(text)
        except InputError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return convert


def _names(text: str) -> tuple[str, ...]:
    """Names joined by commas; one that holds a comma stands in double quotes."""
    return tuple(name.strip() for name in next(csv.reader([text], skipinitialspace=True), []) if name.strip())


_COUNT_UNITS = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}


def _count(text: str) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([kmb]?)", text.strip().lower())
    if match is None:
        raise InputError(f"{text!r} is no count: write one such as 500k, 5M or 1.2B")
    return int(float(match[1]) * _COUNT_UNITS[match[2]])


DURATION = _typed(parse_duration)
SIZE = _typed(parse_size)
COUNT = _typed(_count)


@dataclass(frozen=True)
class Option:
    """``--name VALUE``; ``parse`` makes the field's value."""

    name: str
    value: str
    parse: Callable[[str], Any]
    help: str

    @property
    def field(self) -> str:
        """The field of ``Settings``."""
        return self.name.replace("-", "_")


DATA = (
    Option(
        "label", "COL", str, "label column of tables (default: label, target, class or y if present, else the last)"
    ),
    Option("task", "COL", str, "column that tells which of several tasks a row is labelled for"),
    Option("text", "COL", str, "text column: the table is a text data set"),
    Option("drop", "COL,COL", _names, "columns to leave out"),
    Option("unlabeled", "PATH", str, "more target rows without labels"),
    Option("classes", "FILE", str, "what each class is like, also of classes without labelled rows (zero-shot)"),
    Option("parallel", "FILE", str, "two columns of sentences: in the sources' language and in the target's"),
    Option("dictionary", "FILE", str, "two columns of words: in the sources' language and in the target's"),
    Option("translator", "COMMAND", str, "translates the sources' texts: reads a line a text, writes a line a text"),
    Option("test", "PATH", str, "a final test set, read once"),
    Option("test-size", "SHARE", float, "share of labelled rows kept for testing (default: 0.2 from 200 rows on)"),
)
WHAT = (
    Option(
        "metric", "NAME", str, "accuracy, balanced_accuracy, f1_macro, roc_auc, log_loss, brier, rmse, mae, r2, ..."
    ),
    Option("methods", "A,B", _names, "use these transfer methods alone"),
    Option("exclude", "A,B", _names, "leave these methods out"),
    Option("max-risk", "P", float, "skip arms whose predicted P(gain < 0) is above this"),
    Option(
        "selector",
        "NAME",
        str,
        "what orders the arms: evidence of this run, or experience of past ones (default: evidence)",
    ),
    Option("seed", "N", int, "all randomness comes from it (default: 0)"),
    Option("device", "NAME", str, "cpu, cuda or cuda:1 (default: cpu)"),
)
SEARCH = (
    Option("budget", "TIME", DURATION, "time for everything, e.g. 90s, 10m, 1.5h (default: 10m)"),
    Option("trials", "N", int, "at most so many trials"),
    Option("sampler", "NAME", str, "how settings are searched: tpe, or one that a plugin brings (default: tpe)"),
    Option("validator", "NAME", str, "what ranks arms where the target has no labels (default: the first that fits)"),
    Option("workers", "N", int, "worker processes; 0: in this process (default: one a core, at most 4)"),
    Option("ray", "ADDRESS", str, "run trials on this Ray cluster"),
    Option("trial-timeout", "TIME", DURATION, "time for one trial"),
    Option("trial-memory", "SIZE", SIZE, "memory for one trial, e.g. 2G"),
)
GUARD = (
    Option("epsilon", "POINTS", float, "points that count as worse (default: 1)"),
    Option("alpha", "P", float, "allowed probability of being worse by more than that (default: 0.05)"),
    Option("keep-source", "POINTS", float, "largest loss on the source's own task"),
    Option("max-params", "N", COUNT, "largest model, e.g. 5M parameters"),
    Option("max-latency", "TIME", DURATION, "slowest prediction of one row, e.g. 20ms"),
)
FILES = (
    Option("out", "DIR", Path, "run directory (default: a new one under runs/)"),
    Option("resume", "DIR", Path, "go on with the run in this directory"),
    Option("storage", "URL", str, "Optuna storage, e.g. postgresql://... (default: study.db in the run directory)"),
)
GROUPS = (("data", DATA), ("what to try", WHAT), ("search", SEARCH), ("guard and limits", GUARD), ("files", FILES))


def add(parser: argparse.ArgumentParser, groups: tuple[tuple[str, tuple[Option, ...]], ...]) -> None:
    """Add target, sources, the options of ``groups`` and ``--json``."""
    parser.add_argument(
        "target", metavar="TARGET", help="data set: a table, a folder or zip of images, .npz, demo:NAME"
    )
    parser.add_argument(
        "--source",
        metavar="SRC",
        action="append",
        default=[],
        help="data set or model that may help; may be given several times",
    )
    for title, options in groups:
        group = parser.add_argument_group(title)
        for option in options:
            text = option.help.replace("%", "%%")
            group.add_argument(f"--{option.name}", metavar=option.value, type=option.parse, help=text)
    add_json(parser)


def add_json(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def settings_from(args: argparse.Namespace) -> Settings:
    """Settings with the options that were given; the others keep their defaults."""
    names = {field.name for field in fields(Settings)}
    return Settings(**{name: value for name, value in vars(args).items() if name in names and value is not None})
