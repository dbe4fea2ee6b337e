"""Combined gradients beside those of TorchJD, on fixed Jacobians."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partialmethod

import torch
from autotransfer_multitask.cagrad import averse_weights
from autotransfer_multitask.mgda import shortest
from autotransfer_multitask.pcgrad import projection_weights
from torch import Tensor

from autotransfer.errors import MissingDependencyError

SIZES = ((2, 5), (3, 10), (5, 4), (10, 30), (29, 100))
"""Tasks and parameters of the Jacobians."""
RADII = (0.2, 0.5, 0.8)
_TOLERANCE = 1e-13


def jacobians() -> Iterator[Tensor]:
    """Random ones, every other time with a direction in common."""
    for number, (tasks, parameters) in enumerate(SIZES):
        generator = torch.Generator().manual_seed(number)
        yield torch.randn(tasks, parameters, generator=generator, dtype=torch.float64) + 0.3 * (number % 2)


def differences() -> dict[str, float]:
    """Largest difference of an entry of the combined gradient, by method.

    TorchJD's CAGrad asks the solver Clarabel, whose tolerance of 1e-8 leaves the objective 1e-10 above the least and
    the gradient 1e-4 off: it is asked for 1e-13 here.

    Raises ``MissingDependencyError`` where TorchJD is not installed.
    """
    try:
        from torchjd.aggregation import MGDA, CAGrad, PCGrad
    except ImportError as error:
        raise MissingDependencyError("combined gradients", "torchjd", "dev") from error
    found = dict.fromkeys(("pcgrad", "mgda", "cagrad"), 0.0)
    for J in jacobians():
        gram = J @ J.T
        torch.manual_seed(7)
        theirs = PCGrad()(J)
        ours = projection_weights(gram, torch.Generator().manual_seed(7)) @ J
        found["pcgrad"] = max(found["pcgrad"], _apart(ours, theirs))
        found["mgda"] = max(found["mgda"], _apart(shortest(gram) @ J, MGDA()(J)))
        for radius in RADII:
            with sharply():
                theirs = CAGrad(c=radius)(J)
            found["cagrad"] = max(found["cagrad"], _apart(averse_weights(gram, radius) @ J, theirs))
    return found


def _apart(ours: Tensor, theirs: Tensor) -> float:
    return float((ours - theirs).abs().max())


@contextmanager
def sharply() -> Iterator[None]:
    """Inside, problems of cvxpy are solved to within 1e-13."""
    import warnings
    from unittest.mock import patch

    import cvxpy

    tight = dict.fromkeys(("tol_gap_abs", "tol_gap_rel", "tol_feas"), _TOLERANCE)
    solve = partialmethod(cvxpy.Problem.solve, **tight)
    with patch.object(cvxpy.Problem, "solve", solve), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that it may be inaccurate, at such a tolerance
        yield
