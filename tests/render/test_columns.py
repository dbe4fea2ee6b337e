"""Which columns hold numbers."""

from __future__ import annotations

from autotransfer.render.columns import numeric_columns
from autotransfer.report import Table


def test_numbers_with_signs_units_and_dashes_are_numbers_and_names_are_not():
    rows = (("1", "+0.110", "12 %", "a1", "–"), ("2", "–", "< 0.1 %", "2", "–"), ("3", "−1.2e-05", "0 %", "", ""))
    assert numeric_columns(Table(("a", "b", "c", "d", "e"), rows)) == (True, True, True, False, False)


def test_an_empty_table_has_no_numbers():
    assert numeric_columns(Table(("a",), ())) == (False,)
