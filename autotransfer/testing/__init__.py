"""The conformance kit: what methods, estimators, encoders and validators promise, as checks that plugins run on
themselves.

A plugin's whole test::

    from autotransfer.testing import check_method
    from my_plugin import MyMethod

    def test_my_method():
        check_method(MyMethod)
"""

from __future__ import annotations

from autotransfer.testing.check import Check, CheckReport, CheckResult, ConformanceError, Outcome
from autotransfer.testing.encoders import check_encoder, encoder_checks
from autotransfer.testing.estimators import check_estimator, estimator_checks
from autotransfer.testing.methods import check_method, method_checks, parametrize_methods
from autotransfer.testing.parameters import parametrize
from autotransfer.testing.problems import ToyProblem, toy_problems
from autotransfer.testing.target import check_target
from autotransfer.testing.validators import check_validator, validator_checks

__all__ = [
    "Check",
    "CheckReport",
    "CheckResult",
    "ConformanceError",
    "Outcome",
    "ToyProblem",
    "check_encoder",
    "check_estimator",
    "check_method",
    "check_target",
    "check_validator",
    "encoder_checks",
    "estimator_checks",
    "method_checks",
    "parametrize",
    "parametrize_methods",
    "toy_problems",
    "validator_checks",
]
