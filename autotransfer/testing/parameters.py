"""Checks as pytest parameters. pytest is imported here alone, and only when asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autotransfer.testing.check import Check


def parametrize(checks: Sequence[Check]) -> Any:
    """Decorate a test of one argument, ``check``, which calls it. Ids are readable.

    Skipped and exempt checks are shown as skipped, with the reason.
    """
    import pytest

    return pytest.mark.parametrize(
        "check", [pytest.param(check, id=f"{check.subject}-{check.label}", marks=_marks(check)) for check in checks]
    )


def _marks(check: Check) -> list[Any]:
    import pytest

    if check.exempt is not None:
        return [pytest.mark.skip(reason=f"exempt: {check.exempt}")]
    return [] if check.skip is None else [pytest.mark.skip(reason=check.skip)]
