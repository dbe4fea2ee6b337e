"""uLSIF: the density ratio by least squares, in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context
from autotransfer_adaptation.ratio_kernels import RatioKernels
from autotransfer_adaptation.ratio_weighting import RatioWeighting

_PENALTIES = (1e-3, 1e-2, 1e-1, 1.0, 10.0)


@final
@dataclass(frozen=True)
class Ulsif(RatioWeighting):
    """Kanamori, Hido and Sugiyama, A Least-squares Approach to Direct Importance Estimation, JMLR 10, 2009
    (https://jmlr.org/papers/v10/kanamori09a.html).

    The ratio w(x) = sum_l alpha_l exp(-||x - c_l||^2 / (2 sigma^2)) around 100 target rows minimises its squared error
    over the source, alpha = (H + penalty I)^-1 h, negative coefficients set to 0. Sigma and penalty are the pair of
    smallest leave-one-out error, which has a closed form, on up to 1000 rows a domain; seven multiples of the median
    distance and five penalties are tried. Distances are taken on the 128 leading principal directions.

    :param learner: trained on the rows of both domains. :param scaling: see ``autotransfer.scaling``.
    :param flattening: exponent of the ratios, 0 (no weighting) to 1.
    :param clip: the largest ratio, as a multiple of the mean ratio, > 1.
    :param target_weight: total weight of labelled target rows, relative to the source's.

    The predictor's diagnostics hold the effective sample size of the source rows and their largest weight.
    """

    name: ClassVar[str] = "ulsif"
    reference: ClassVar[str] = "Kanamori, Hido and Sugiyama, JMLR 10, 2009, jmlr.org/papers/v10/kanamori09a.html"

    def ratios(self, S: Array, T: Array, ctx: Context) -> Array:
        """Around target rows."""
        return least_squares_ratios(RatioKernels.around_target(S, T, ctx), ctx)


def least_squares_ratios(kernels: RatioKernels, ctx: Context) -> Array:
    """Ratios at the source rows, (m,), not negative."""
    few_source, few_target = kernels.some
    best, chosen = np.inf, (kernels.median, 1.0)
    for variance in kernels.widths():
        ctx.check_time()
        phi_S, phi_T = kernels.values(variance)
        for penalty in _PENALTIES:
            found = leave_one_out_error(phi_S[few_source], phi_T[few_target], penalty)
            if found < best:
                best, chosen = found, (variance, penalty)
    phi_S, phi_T = kernels.values(chosen[0])
    return np.asarray(phi_S @ ratio_coefficients(phi_S, phi_T, chosen[1]))


def ratio_coefficients(phi_S: Array, phi_T: Array, penalty: float) -> Array:
    """alpha (b,) = max(0, (phi_S^T phi_S / m + penalty I)^-1 mean phi_T)."""
    H = phi_S.T @ phi_S / len(phi_S) + penalty * np.eye(phi_S.shape[1])
    return np.maximum(np.linalg.solve(H, phi_T.mean(axis=0)), 0.0)


def leave_one_out_error(phi_S: Array, phi_T: Array, penalty: float) -> float:
    """mean_i w_-i(s_i)^2 / 2 - w_-i(t_i), w_-i fitted without the i-th source and the i-th target row (two each at
    least); by the Sherman-Morrison formula for all i at once. With m and n rows, i runs to the smaller of the two."""
    m, n, b = len(phi_S), len(phi_T), phi_S.shape[1]
    if min(m, n) < 2:
        return 0.0
    P, Q, h = phi_S[: min(m, n)], phi_T[: min(m, n)], phi_T.mean(axis=0)
    inverse = np.linalg.inv(phi_S.T @ phi_S / m + penalty * (m - 1) / m * np.eye(b))
    R = P @ inverse
    rest = m - np.einsum("ij,ij->i", R, P)  # m - p^T B^-1 p
    first = inverse @ h + R * (R @ h / rest)[:, None]
    second = Q @ inverse + R * (np.einsum("ij,ij->i", R, Q) / rest)[:, None]
    alphas = np.maximum((m - 1) / (m * (n - 1)) * (n * first - second), 0.0)
    there, here = np.einsum("ij,ij->i", alphas, P), np.einsum("ij,ij->i", alphas, Q)
    return float(np.mean(there**2) / 2.0 - np.mean(here))
