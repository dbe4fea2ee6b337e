"""The experience that ships with the package: what cheap methods gained or lost on some fifty public data sets.

Each data set is a target with 60, 20, 200 and 1,000 labels where it has the rows; its sources are other data sets of
its kind, parts of its own that were shifted on purpose, and sources with ruined labels or columns. Gains are measured
on hundreds of held-out rows. Images are targets once more with networks of the zoo as sources. No target of
``main_job`` is among them. An interrupted benchmark goes on with ``--resume FILE``; ``--quick``: 60 labels alone, every
third data set, and nothing is written into the package.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import autotransfer
from autotransfer.experience.row import Row
from autotransfer.experience.seed import FILE, write
from autotransfer.plugins import load_catalogue
from benchmarks.experiencing.outcomes import play
from benchmarks.experiencing.plan import Plan, network_plans, plans
from benchmarks.harness import Arguments, Bar, Result, at_least, below

_THIRD = 3
_MEGABYTE = 1e6


def run(args: Arguments) -> Result:
    """Play what the journal lacks, and write the file from all of it."""
    chosen = plans((60,))[::_THIRD] if args.quick else [*plans(), *network_plans()]
    journal = args.resume or Path(tempfile.mkdtemp(prefix="experience-")) / "journal.jsonl"
    rows = complete(journal, chosen, args.data)
    target = journal.with_suffix(".parquet") if args.quick else Path(autotransfer.__file__).parent / "experience" / FILE
    write(rows, target)
    return Result("experience", bars(rows, target), summary(rows))


def complete(journal: Path, chosen: Sequence[Plan], data: Path, seed: int = 0) -> list[Row]:
    """Rows of every plan: from the journal, else played now and appended to it, one line a plan."""
    known = read_journal(journal)
    catalogue, begun = load_catalogue(), time.monotonic()
    for number, plan in enumerate(chosen, start=1):
        name = plan.recipe.name
        if name in known:
            continue
        rows = play(plan, data, seed, catalogue)
        line = {"task": name, "rows": [row.to_plain() for row in rows]}
        with journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        known[name] = rows
        words = f"[{number}/{len(chosen)}] {name}: {len(rows)} arms ({time.monotonic() - begun:.0f} s)"
        print(words, file=sys.stderr, flush=True)
    return [row for plan in chosen for row in known[plan.recipe.name]]


def read_journal(journal: Path) -> dict[str, list[Row]]:
    """Task -> rows; a last line that was cut off does not count and is removed."""
    if not journal.exists():
        return {}
    whole, end, rest = journal.read_text(encoding="utf-8").rpartition("\n")
    if rest:
        journal.write_text(whole + end, encoding="utf-8")
    lines = [json.loads(text) for text in whole.splitlines()]
    return {
        line["task"]: [row for plain in line["rows"] if (row := Row.from_plain(plain)) is not None] for line in lines
    }


def bars(rows: Sequence[Row], target: Path) -> list[Bar]:
    """What a useful experience has."""
    gains = np.array([row.gain for row in rows if row.gain is not None])
    negative = float((gains < -1).mean())
    return [
        at_least("target data sets", len({row.target for row in rows}), 40),
        Bar("share of arms that lose more than a point", negative, "0.2 to 0.4", 0.2 <= negative <= 0.4),
        below("megabytes", target.stat().st_size / _MEGABYTE, 2.0),
    ]


def summary(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """A row a family."""
    found = []
    for family in dict.fromkeys(row.family for row in rows):
        mine = [row for row in rows if row.family == family]
        gains = np.array([row.gain for row in mine if row.gain is not None])
        found.append(
            {
                "family": family,
                "data sets": len({row.target for row in mine}),
                "tasks": len({row.task for row in mine}),
                "arms": len(mine),
                "failed": sum(row.gain is None for row in mine),
                "mean gain": float(gains.mean()),
                "lose": float((gains < 0).mean()),
                "lose more than a point": float((gains < -1).mean()),
            }
        )
    return found
