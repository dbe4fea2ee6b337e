"""Every estimator of the family keeps the contract."""

from __future__ import annotations

import autotransfer_relatedness

from autotransfer.testing import estimator_checks, parametrize
from autotransfer.testing.check import Check

EXEMPT = {
    "source_size": {"tells_noise": "the number of rows is all it looks at, and noise may have as many"},
    "label_overlap": {
        "tells_noise": "noise under the right class names overlaps as well as anything",
        "assets_used[SOURCE_LABELS]": "which classes occur counts, not which row has which",
    },
}


@parametrize(
    [
        check
        for estimator in autotransfer_relatedness.relatedness_estimators()
        for check in estimator_checks(estimator, exempt=EXEMPT.get(estimator.name))
    ]
)
def test_contract(check: Check) -> None:
    """The conformance kit."""
    check()
