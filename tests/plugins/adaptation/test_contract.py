"""Every method of the family keeps the contract."""

from __future__ import annotations

import autotransfer_adaptation

from autotransfer.testing import parametrize_methods
from autotransfer.testing.check import Check


@parametrize_methods(autotransfer_adaptation.transfer_methods())
def test_contract(check: Check) -> None:
    """The conformance kit."""
    check()
