"""Which columns of a table hold numbers and stand to the right."""

from __future__ import annotations

import re

from autotransfer.report.types import Table

_NUMBER = re.compile(r"(?:< )?[+−-]?[\d.,]+(?:e[+−-]?\d+)?(?: ?(?:%|s|ms))?|nan|[–]?")


def numeric_columns(table: Table) -> tuple[bool, ...]:
    """True for each column whose cells are numbers, with or without sign and unit, and at least one is."""
    return tuple(_numeric([row[index] for row in table.rows]) for index in range(len(table.columns)))


def _numeric(cells: list[str]) -> bool:
    return all(_NUMBER.fullmatch(cell) for cell in cells) and any(any(map(str.isdigit, cell)) for cell in cells)
