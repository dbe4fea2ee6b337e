"""The report as plain data."""

from __future__ import annotations

import pytest

from autotransfer.report import Table


def test_rows_are_as_long_as_the_columns():
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        Table(("a", "b"), (("1",),))
