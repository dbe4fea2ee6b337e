"""Newton's method for smooth convex functions of few variables."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autotransfer.data import Array

_STEPS = 50
_HALVINGS = 60


def minimize_newton(
    objective: Callable[[Array], tuple[float, Array]], curvature: Callable[[Array], Array], start: Array
) -> Array:
    """The minimum, by Newton's steps, each halved until it improves (Armijo's rule).

    :param objective: value and gradient (d,) at a point (d,). :param curvature: second derivatives (d, d).
    """
    point = start
    value, gradient = objective(point)
    for _ in range(_STEPS):
        if np.abs(gradient).max(initial=0.0) <= 1e-8:
            break
        bend = curvature(point)
        # A direction without any curvature, as a constant added to all intercepts of a softmax, has no slope either.
        bend[np.diag_indices_from(bend)] += 1e-12 * np.trace(bend) + np.finfo(float).tiny
        step = -np.linalg.solve(bend, gradient)
        slope = float(gradient @ step)
        for _ in range(_HALVINGS):
            reached, there = objective(point + step)
            if reached <= value + 1e-4 * slope:
                break
            step, slope = 0.5 * step, 0.5 * slope
        else:
            break  # nothing better within rounding
        point, value, gradient = point + step, reached, there
    return point
