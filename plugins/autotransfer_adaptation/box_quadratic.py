"""A convex quadratic over a box cut by two parallel planes."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array

_SETTLED = 1e-8
"""A step that improves the objective by less than this share of it is the last."""


def minimize_quadratic(K: Array, kappa: Array, bound: float, total: tuple[float, float], steps: int = 150) -> Array:
    """argmin of b^T K b / 2 - kappa^T b over 0 <= b <= ``bound``, ``total[0]`` <= sum b <= ``total[1]``.

    Projected gradient with alternating Barzilai-Borwein steps (Dai and Fletcher, Projected Barzilai-Borwein methods
    for large-scale box-constrained quadratic programming, Numerische Mathematik 2005,
    https://doi.org/10.1007/s00211-004-0569-y) and the exact minimum along each of them.

    :param K: (m, m), symmetric, positive semi-definite. :param kappa: (m,).
    """
    single = K.astype(np.float32)  # a step takes as long as reading K
    step = 1.0 / _largest_eigenvalue(K)
    b, shift = _project(np.ones(len(K)), bound, total, 0.0)
    slope = single @ b.astype(np.float32) - kappa
    for index in range(steps):
        target, shift = _project(b - step * slope, bound, total, shift)
        move = target - b
        bend = single @ move.astype(np.float32)
        curvature, descent = float(move @ bend), -float(slope @ move)
        if descent <= 0.0 or curvature <= 0.0:
            return target if descent > 0.0 else b
        share = min(1.0, descent / curvature)
        b = b + share * move
        slope = slope + share * bend
        if share * (descent - 0.5 * share * curvature) <= _SETTLED * abs(float(kappa @ b)):
            break
        step = float(move @ move) / curvature if index % 2 else curvature / float(bend @ bend)
    return b


def _project(v: Array, bound: float, total: tuple[float, float], guess: float) -> tuple[Array, float]:
    """The nearest feasible point: clip(v - tau) with the tau that brings the sum into its range; and that tau.

    :param guess: the tau of a point nearby, or 0. When the sum was too large there (tau > 0) or too small, it most
        likely is so here, and the sign of the tau that is found tells.
    """
    if guess != 0:
        inside, tau = _shifted(v, bound, total[1] if guess > 0 else total[0], guess)
        if tau * guess > 0:
            return inside, tau
    inside = _clipped(v, bound)
    free = float(inside.sum())
    if total[0] <= free <= total[1]:
        return inside, 0.0
    return _shifted(v, bound, total[1] if free > total[1] else total[0], 0.0)


def _shifted(v: Array, bound: float, wanted: float, tau: float) -> tuple[Array, float]:
    """clip(v - tau) of sum ``wanted``, and tau. The sum falls piecewise linearly with tau: Newton's steps from a first
    guess, halving where they leave the bracket."""
    low, high = float(v.min()) - bound, float(v.max())
    for _ in range(100):
        inside = _clipped(v - tau, bound)
        excess = float(inside.sum()) - wanted
        if abs(excess) <= 1e-9 * max(wanted, 1.0):
            break
        low, high = (max(tau, low), high) if excess > 0 else (low, min(tau, high))
        sloping = np.count_nonzero((inside > 0.0) & (inside < bound))
        tau = tau + excess / sloping if sloping else low
        if not low < tau < high:
            tau = 0.5 * (low + high)
    return inside, tau


def _clipped(v: Array, bound: float) -> Array:
    inside: Array = np.maximum(v, 0.0)
    return np.minimum(inside, bound, out=inside)


def _largest_eigenvalue(K: Array) -> float:
    """An upper bound (Gershgorin): the largest row sum of absolute values."""
    return float(np.abs(K).sum(axis=1).max())
