"""Target and source rows side by side, on the chosen scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array
from autotransfer.scaling import DomainScaler
from autotransfer.task import Source, Task


@dataclass(frozen=True, eq=False)
class Domains:
    """Scaled training rows of both sides.

    :param target: (n, d), n may be 0. :param target_y: (n,).
    :param source: (m, d). :param source_y: (m,). :param domain: (m,) 0, 1, ...: the source that a row came from.
    """

    target: Array
    target_y: Array
    source: Array
    source_y: Array
    domain: Array
    scaler: DomainScaler

    @classmethod
    def of(cls, task: Task, source: Source | None, mode: str) -> Domains:
        """Unlabelled target rows help to find the target's scale."""
        if source is None:
            raise TypeError("this method needs a source")
        rows = source.rows
        n = len(task.train)
        target = task.train.X if n else np.empty((0, rows.X.shape[1]), rows.X.dtype)
        seen = target if task.unlabeled is None else np.concatenate([target, task.unlabeled.X])
        source_Z, target_Z, scaler = DomainScaler.fit(rows.X, seen, mode, rows.domain)
        domain = np.zeros(len(rows), np.int64)
        if rows.domain is not None:
            domain = np.unique(rows.domain, return_inverse=True)[1]
        target_y = task.train.labels if n else rows.labels[:0]
        return cls(target_Z[:n], target_y, source_Z, rows.labels, domain, scaler)

    def pooled(self) -> tuple[Array, Array]:
        """Target rows, then source rows: X (n + m, d) and y (n + m,)."""
        return np.concatenate([self.target, self.source]), np.concatenate([self.target_y, self.source_y])
