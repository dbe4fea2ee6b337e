"""Entropic optimal transport in the log domain."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context

_ABSORBED = 1e3
"""Scalings beyond this, or below its inverse, go into the potentials."""
_EVERY = 10
"""Steps between looks at the margins and the clock."""


def sinkhorn_plan(cost: Array, entropy: float, ctx: Context, steps: int = 1000, tolerance: float = 1e-6) -> Array:
    """P (m, n) that minimises <P, cost> + entropy * sum P (log P - 1) with equal margins 1 / m and 1 / n.

    Cuturi, Sinkhorn Distances, NIPS 2013 (arXiv:1306.0895), stabilised: the kernel holds the potentials f, g of
    P = exp((f_i + g_j - cost_ij) / entropy), and only small scalings multiply it (Schmitzer, Stabilized Sparse Scaling
    Algorithms for Entropy Regularized Transport Problems, SIAM J. Scientific Computing 2019, arXiv:1610.06519). So a
    small entropy neither overflows nor loses rows.

    :param cost: (m, n), finite. :param entropy: > 0, in units of the cost.
    :param tolerance: ends when the rows' sums are off by less, in total. The columns' are exact.
    """
    m, n = cost.shape
    f = cost.min(axis=1)
    g = (cost - f[:, None]).min(axis=0)
    kernel = _kernel(cost, f, g, entropy)
    u, v = np.ones(m), np.ones(n)
    for step in range(steps):
        u = (1.0 / m) / np.maximum(kernel @ v, 1e-300)
        v = (1.0 / n) / np.maximum(u @ kernel, 1e-300)
        if step % _EVERY == 0 and float(np.abs(u * (kernel @ v) - 1.0 / m).sum()) < tolerance:
            break
        if step % _EVERY == 0:
            ctx.check_time()
        if max(u.max(), v.max()) > _ABSORBED or min(u.min(), v.min()) < 1.0 / _ABSORBED:
            f, g = f + entropy * np.log(u), g + entropy * np.log(v)
            kernel = _kernel(cost, f, g, entropy)
            u, v = np.ones(m), np.ones(n)
    return np.asarray(u[:, None] * kernel * v)


def _kernel(cost: Array, f: Array, g: Array, entropy: float) -> Array:
    exponents: Array = f[:, None] + g - cost
    exponents /= entropy
    # A potential is exact after its half step alone; a far too large entry would be infinite before the next one.
    return np.exp(np.minimum(exponents, 500.0, out=exponents), out=exponents)
