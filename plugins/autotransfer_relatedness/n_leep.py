"""LEEP for an encoder without a head: the clusters of its features take the part of the source's classes."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context
from autotransfer_relatedness.leep import log_expected_prediction
from autotransfer_relatedness.representation import RepresentationScore, leading_components

_WIDTH, _STEPS = 64, 50


@final
@dataclass(frozen=True)
class NormalizedLeep(RepresentationScore):
    """N-LEEP: Li et al., Ranking Neural Checkpoints, CVPR 2021 (arXiv:2011.11200): LEEP with the posteriors
    P(z | x) of a Gaussian mixture in place of a source model's probabilities.

    The mixture has ``components`` times as many parts as there are classes (5 in the paper) and is fitted to the
    principal components that hold ``energy`` of the variance (80 % there), here at most 64. Covariances are diagonal,
    so that a few rows a part suffice; the paper does not say what its are.

    :param components: parts of the mixture for each class; fewer where there are fewer than two rows a part.
    :param energy: share of the variance to keep, 0 to 1.
    """

    cap: int = 1000
    components: int = 5
    energy: float = 0.8

    name: ClassVar[str] = "n_leep"
    unit: ClassVar[str] = "nats, up to 0"
    cost: ClassVar[str] = "O(n d^2 + n C d), some tens of times"
    seconds: ClassVar[float] = 0.4
    meaning: ClassVar[str] = "0: rows that lie together in the encoder's features have one label; very negative: mixed."
    reference: ClassVar[str] = "Li et al., CVPR 2021, arXiv:2011.11200"
    regression: ClassVar[bool] = False

    def score(self, X: Array, y: Array, ctx: Context) -> float:
        """N-LEEP; NaN for constant features."""
        Z = _energetic(X, self.energy)
        different = len(np.unique(Z, axis=0))
        if different < 2:
            return float("nan")
        parts = max(1, min(self.components * (int(y.max()) + 1), len(Z) // 2, different))
        return log_expected_prediction(_posteriors(Z, parts, ctx.seed), y)


def _energetic(X: Array, energy: float) -> Array:
    """The fewest leading principal components, at most 64, that hold this share of the variance."""
    Z = leading_components(X, X.shape[1])
    shares = np.cumsum((Z**2).sum(axis=0))
    if len(shares) == 0:
        return Z
    enough = 1 + int(np.searchsorted(shares, energy * shares[-1]))
    return Z[:, : min(enough, _WIDTH)]


def _posteriors(Z: Array, parts: int, seed: int) -> Array:
    """P(part | row), (n, parts)."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    mixture = GaussianMixture(parts, covariance_type="diag", random_state=seed, max_iter=_STEPS, reg_covar=1e-6)
    with warnings.catch_warnings():
        # Where it stopped short it is still a mixture; a step more changes little.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return np.asarray(mixture.fit(Z).predict_proba(Z))
