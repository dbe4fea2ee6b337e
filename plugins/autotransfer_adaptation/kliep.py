"""KLIEP: the density ratio under which source rows are likeliest to be target rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context
from autotransfer_adaptation.mixture import mixture_proportions
from autotransfer_adaptation.ratio_kernels import RatioKernels
from autotransfer_adaptation.ratio_weighting import RatioWeighting

_FOLDS = 5
_TINY = 1e-300


@final
@dataclass(frozen=True)
class Kliep(RatioWeighting):
    """Sugiyama, Suzuki, Nakajima, Kashima, von Bünau and Kawanabe, Direct Importance Estimation for Covariate Shift
    Adaptation, Annals of the Institute of Statistical Mathematics 2008 (https://doi.org/10.1007/s10463-008-0197-x).

    The ratio w(x) = sum_l alpha_l exp(-||x - c_l||^2 / (2 sigma^2)), alpha >= 0, around 100 target rows maximises the
    mean log ratio of target rows while its mean over source rows is 1; sigma is the one of largest likelihood of held
    out target rows in five folds. The problem is concave; it is solved as a mixture's by expectation maximisation, in
    place of the paper's gradient steps. Sigma is chosen on up to 1000 rows a domain, from seven multiples of the median
    distance; distances are taken on the 128 leading principal directions.

    :param learner: trained on the rows of both domains. :param scaling: see ``autotransfer.scaling``.
    :param flattening: exponent of the ratios, 0 (no weighting) to 1.
    :param clip: the largest ratio, as a multiple of the mean ratio, > 1.
    :param target_weight: total weight of labelled target rows, relative to the source's.

    The predictor's diagnostics hold the effective sample size of the source rows and their largest weight.
    """

    name: ClassVar[str] = "kliep"
    reference: ClassVar[str] = "Sugiyama et al., Ann. Inst. Stat. Math. 2008, doi:10.1007/s10463-008-0197-x"

    def ratios(self, S: Array, T: Array, ctx: Context) -> Array:
        """Around target rows."""
        return likeliest_ratios(RatioKernels.around_target(S, T, ctx), ctx)


def likeliest_ratios(kernels: RatioKernels, ctx: Context) -> Array:
    """Ratios at the source rows, (m,), not negative."""
    few_source, few_target = kernels.some
    best, chosen = -np.inf, kernels.median
    for variance in kernels.widths():
        ctx.check_time()
        phi_S, phi_T = kernels.values(variance)
        found = _held_out_likelihood(phi_S[few_source], phi_T[few_target])
        if found > best:
            best, chosen = found, variance
    ctx.check_time()
    phi_S, phi_T = kernels.values(chosen)
    return np.asarray(phi_S @ ratio_coefficients(phi_S, phi_T))


def ratio_coefficients(phi_S: Array, phi_T: Array, steps: int = 500) -> Array:
    """alpha (b,) >= 0 that maximises mean log phi_T alpha with mean phi_S alpha = 1.

    With q_l = alpha_l mean(phi_S)_l, q is on the simplex and the objective that of a mixture of densities
    phi_l / mean(phi_S)_l. A kernel that no source row is near to has no place in it.
    """
    means = phi_S.mean(axis=0)
    near = means > 1e-12
    if not near.any():
        return np.ones(phi_S.shape[1])
    start = np.where(near, 1.0 / near.sum(), 0.0)
    scaled = np.where(near, phi_T / np.where(near, means, 1.0), 0.0)
    return np.asarray(mixture_proportions(scaled, start, steps) / np.where(near, means, 1.0))


def _held_out_likelihood(phi_S: Array, phi_T: Array) -> float:
    """Mean log ratio of target rows that took no part in its estimation."""
    folds = np.arange(len(phi_T)) % min(_FOLDS, len(phi_T))
    logs = np.empty(len(phi_T))
    for fold in range(folds.max() + 1):
        held = folds == fold
        alpha = ratio_coefficients(phi_S, phi_T[~held], steps=100)
        logs[held] = np.log(np.maximum(phi_T[held] @ alpha, _TINY))
    return float(logs.mean())
