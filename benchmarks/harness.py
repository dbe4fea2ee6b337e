"""What all benchmarks have in common: their arguments, their result, and how it is shown."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, TypeAlias

TABLE = "table"
"""The column whose value is the title of the table that a row is shown in."""
HERE = Path(__file__).parent
_PACKAGES = ("autotransfer", "numpy", "scipy", "pandas", "scikit-learn", "optuna", "torch")


@dataclass(frozen=True)
class Arguments:
    """Options of every benchmark.

    :param data: folder with the public data sets.
    :param quick: end within ten minutes on two cores.
    :param tasks: names of the tasks to run; empty: all of them. This one and the next three are for the main job.
    :param seeds: number of seeds. ``budget``: seconds for one run. None: the benchmark's own.
    :param resume: journal of an interrupted benchmark to go on with.
    :param jobs: runs of the main job side by side, each on one core of its own; 1: one after the other, on all cores.
    :param device: ``cpu`` or ``cuda``, for the kernels. ``selector``: of the main job's runs.
    """

    data: Path
    quick: bool = False
    tasks: tuple[str, ...] = ()
    seeds: int | None = None
    budget: float | None = None
    resume: Path | None = None
    jobs: int = 1
    device: str = "cpu"
    selector: str = "evidence"


@dataclass(frozen=True)
class Bar:
    """A figure that the project holds itself to. ``value`` is None when it could not be measured."""

    name: str
    value: float | None
    target: str
    met: bool


@dataclass(frozen=True)
class Result:
    """What a benchmark found.

    :param rows: table rows; columns are the keys in order of first appearance. See :data:`TABLE`.
    """

    benchmark: str
    bars: Sequence[Bar]
    rows: Sequence[Mapping[str, Any]] = field(default=())


Benchmark: TypeAlias = Callable[[Arguments], Result]


def below(name: str, value: float | None, limit: float) -> Bar:
    """A bar that is met by values under the limit."""
    return Bar(name, value, f"< {limit:g}", value is not None and value < limit)


def above(name: str, value: float | None, limit: float) -> Bar:
    """A bar that is met by values over the limit."""
    return Bar(name, value, f"> {limit:g}", value is not None and value > limit)


def at_most(name: str, value: float | None, limit: float) -> Bar:
    """A bar that is met by values up to the limit."""
    return Bar(name, value, f"<= {limit:g}", value is not None and value <= limit)


def at_least(name: str, value: float | None, limit: float) -> Bar:
    """A bar that is met by values from the limit on."""
    return Bar(name, value, f">= {limit:g}", value is not None and value >= limit)


def available() -> list[str]:
    """Names of the modules here that have a function ``run``."""
    return sorted(path.stem for path in HERE.glob("*.py") if "\ndef run(" in path.read_text(encoding="utf-8"))


def load(name: str) -> Benchmark:
    """The benchmark of that name. Raises ``LookupError``."""
    if name not in available():
        raise LookupError(f"no benchmark is called {name!r}: there are {', '.join(available())}")
    run: Benchmark = import_module(f"benchmarks.{name}").run
    return run


def environment() -> dict[str, Any]:
    """Where the figures were measured."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def as_json(result: Result) -> str:
    """The result as one JSON document."""
    document = {
        "benchmark": result.benchmark,
        "bars": [asdict(bar) for bar in result.bars],
        "rows": [dict(row) for row in result.rows],
        "environment": environment(),
    }
    return json.dumps(document, indent=1, default=str) + "\n"


def as_text(result: Result) -> str:
    """The rows as tables, one for each value of their column ``table`` and titled by it, then the bars."""
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for row in result.rows:
        parts.setdefault(str(row.get(TABLE, "")), []).append(row)
    tables = [f"{title}\n{_table(_cells(rows))}".strip() for title, rows in parts.items()]
    bars = [[bar.name, _cell(bar.value), bar.target, "met" if bar.met else "NOT met"] for bar in result.bars]
    return "\n\n".join([result.benchmark, *tables, _table([["bar", "value", "target", ""], *bars])]) + "\n"


def _cells(rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """With a header: the columns in order of first appearance."""
    columns = list(dict.fromkeys(name for row in rows for name in row if name != TABLE))
    return [columns, *([_cell(row.get(name)) for name in columns] for row in rows)]


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _table(rows: list[list[str]]) -> str:
    """Columns of equal width, a line below the header."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)
