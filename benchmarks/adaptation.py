"""The adaptation family: published tables, and how long its methods take beside an independent library's.

Shallow methods by the protocols of their papers; networks where ``benchmarks/adapting/deep.py`` has them.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from benchmarks.adapting.digits_jda import digits
from benchmarks.adapting.office import office
from benchmarks.adapting.speed import speed
from benchmarks.adapting.step import step
from benchmarks.harness import Arguments, Result

_DEEP = "benchmarks.adapting.deep"


def run(args: Arguments) -> Result:
    """Four parts, and a fifth for networks. ``--quick``: speed on a fifth of the rows; the tables stay whole."""
    parts = [office(args.data), digits(args.data), speed(args.quick), step(args.quick)]
    if find_spec(_DEEP) is not None:
        parts.append(import_module(_DEEP).deep(args))
    return Result("adaptation", [bar for bars, _ in parts for bar in bars], [row for _, rows in parts for row in rows])
