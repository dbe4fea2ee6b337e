"""Episodes: small classification problems drawn from the classes of a source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from autotransfer.data import Array, Dataset


@dataclass(frozen=True, eq=False)
class Episode:
    """Positions of rows, a line a class.

    :param support: (ways, shots), what the classes are known by. :param query: (ways, queries), what is to be told.
        No row is in both.
    :param turns: (ways,) quarter turns of each class's images.
    """

    support: Array
    query: Array
    turns: Array


@dataclass(frozen=True, eq=False)
class Episodes:
    """What episodes are drawn from: Vinyals, Blundell, Lillicrap, Kavukcuoglu and Wierstra, "Matching networks for one
    shot learning", NIPS 2016 (arXiv:1606.04080). All classes of an episode are from one domain.

    :param groups: of each domain its classes, at least two: of each class its rows, at least two.
    :param ways: classes of an episode at most. :param shots: support rows of each. :param queries: query rows of each.
    :param turned: images turned by a quarter, a half and three quarters are classes of their own (Santoro, Bartunov,
        Botvinick, Wierstra and Lillicrap, "Meta-learning with memory-augmented neural networks", ICML 2016), or,
        where there are several domains, each domain so turned is one of its own.
    """

    groups: tuple[tuple[Array, ...], ...]
    ways: int
    shots: int
    queries: int
    turned: bool = False

    @classmethod
    def of(cls, rows: Dataset, ways: int, shots: int, queries: int, *, turned: bool = False) -> Self:
        """Of labelled rows. Classes of one row, and domains of one class, are left out."""
        y = rows.labels
        domain = np.zeros(len(y), np.int64) if rows.domain is None else rows.domain
        groups = []
        for label in np.unique(domain):
            here = np.flatnonzero(domain == label)
            classes = [here[y[here] == one] for one in np.unique(y[here])]
            groups.append(tuple(one for one in classes if len(one) > 1))
        return cls(tuple(group for group in groups if len(group) > 1), ways, shots, queries, turned)

    def draw(self, rng: np.random.Generator) -> Episode:
        """One episode; domains with more classes are drawn more often. A class with fewer rows than ``shots`` +
        ``queries`` shows some of them several times."""
        sizes = np.array([len(group) for group in self.groups], np.float64)
        group = self.groups[int(rng.choice(len(sizes), p=sizes / sizes.sum()))]
        chosen, turns = self._classes(len(group), rng)
        parts = [self._rows(group[index], rng) for index in chosen]
        return Episode(np.stack([one for one, _ in parts]), np.stack([two for _, two in parts]), turns)

    def _classes(self, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Numbers of classes of a group of so many, and their turns."""
        alone = len(self.groups) == 1
        chosen = rng.permutation(count * 4 if self.turned and alone else count)[: self.ways]
        if not self.turned:
            return chosen, np.zeros(len(chosen), np.int64)
        turns = chosen // count if alone else np.full(len(chosen), rng.integers(4))
        return chosen % count, turns

    def _rows(self, rows: Array, rng: np.random.Generator) -> tuple[Array, Array]:
        order, total = rng.permutation(rows), self.shots + self.queries
        known = self.shots if len(rows) >= total else min(max(1, len(rows) * self.shots // total), len(rows) - 1)
        return np.resize(order[:known], self.shots), np.resize(order[known:], self.queries)

    def count(self, passes: int) -> int:
        """Episodes that show about as many rows as there are, times ``passes``."""
        rows = sum(len(one) for group in self.groups for one in group) * (4 if self.turned else 1)
        shown = self.ways * (self.shots + self.queries)
        return max(1, round(passes * rows / shown))
