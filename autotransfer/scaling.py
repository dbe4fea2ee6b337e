"""Features of several domains on one scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.state import State

SCALINGS = ("joint", "per_domain")
"""``joint``: features as they are. ``per_domain``: each domain's rows standardised by that domain's own statistics."""
_PRIOR_ROWS = 5.0
"""So many rows of typical log variance are added to a domain: few rows of its own would make wild scales."""


@final
@dataclass(frozen=True, eq=False)
class DomainScaler:
    """What happens to target rows: ``(x - mean) / scale``, or nothing.

    :param mean: (d,) or None. :param scale: (d,), positive, or None.
    :param sources: what happens to rows of each source domain; for validation, never saved.
    """

    mean: Array | None
    scale: Array | None
    sources: tuple[tuple[int, DomainScaler], ...] = ()

    @staticmethod
    def fit(
        source_X: Array, target_X: Array, mode: str, domain: Array | None = None
    ) -> tuple[Array, Array, DomainScaler]:
        """Scaled source rows, scaled target rows, and the scaler for further target rows.

        :param source_X: (m, d). :param target_X: (n, d), labelled or not; with n = 0 the source's statistics serve.
        :param mode: one of ``SCALINGS``.
        :param domain: (m,) which of several pooled sources a row came from; each is a domain of its own.
        """
        if mode not in SCALINGS:
            raise ValueError(f"scaling is one of {', '.join(SCALINGS)}, not {mode!r}")
        if mode == "joint":
            return source_X, target_X, DomainScaler(None, None)
        domain = np.zeros(len(source_X), np.int64) if domain is None else domain
        groups = [source_X[domain == label] for label in np.unique(domain)]
        typical = _typical_variance([*groups, target_X])
        labels = (int(label) for label in np.unique(domain))
        sources = tuple((label, _scaler(rows, typical)) for label, rows in zip(labels, groups, strict=True))
        scaler = replace(_scaler(target_X if len(target_X) else source_X, typical), sources=sources)
        return scaler.of_source(source_X, domain), scaler.transform(target_X), scaler

    def transform(self, X: Array) -> Array:
        """Scaled target rows (n, d)."""
        if self.mean is None or self.scale is None:
            return X
        return np.asarray((X - self.mean.astype(X.dtype)) / self.scale.astype(X.dtype))

    def of_source(self, X: Array, domain: Array | None = None) -> Array:
        """Scaled rows (n, d) of the source; ``domain`` as in :meth:`fit`, with labels that it was given there."""
        if not self.sources:
            return self.transform(X)
        domain = np.full(len(X), self.sources[0][0]) if domain is None else domain
        Z = np.empty_like(X)
        for label, scaler in self.sources:
            Z[domain == label] = scaler.transform(X[domain == label])
        return Z

    def state(self) -> State:
        """Plain data."""
        return {"mean": self.mean, "scale": self.scale}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        mean, scale = (None if state[name] is None else np.asarray(state[name]) for name in ("mean", "scale"))
        return cls(mean, scale)


def _typical_variance(groups: list[Array]) -> Array:
    """Geometric mean of the domains' variances, by their rows; 1 for columns that are constant in all. Shape (d,)."""
    filled = [rows for rows in groups if len(rows)]
    variances = np.stack([rows.var(axis=0, dtype=np.float64) for rows in filled])
    counts = np.array([len(rows) for rows in filled])[:, None] * (variances > 0)
    logs = np.log(np.where(variances > 0, variances, 1.0))
    return np.asarray(np.exp((counts * logs).sum(axis=0) / np.maximum(counts.sum(axis=0), 1)))


def _scaler(rows: Array, typical: Array) -> DomainScaler:
    own = rows.var(axis=0, dtype=np.float64)
    own = np.where(own > 0, own, typical)
    share = len(rows) / (len(rows) + _PRIOR_ROWS)
    return DomainScaler(rows.mean(axis=0, dtype=np.float64), own ** (share / 2) * typical ** ((1 - share) / 2))
