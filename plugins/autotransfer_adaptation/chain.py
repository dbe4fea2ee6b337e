"""Maps of feature rows, one after the other, that are kept as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self, TypeAlias, final

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.state import State
from autotransfer_adaptation.distances import squared_distances


@final
@dataclass(frozen=True, eq=False)
class UnitRows:
    """Rows scaled to unit length; zero rows stay."""

    kind: ClassVar[str] = "unit"

    def __call__(self, X: Array) -> Array:
        """(n, d) to (n, d)."""
        lengths = np.sqrt(np.einsum("ij,ij->i", X, X))[:, None]
        return np.asarray(X / np.where(lengths > 0, lengths, 1.0))

    def state(self) -> State:
        """Nothing is kept."""
        return {}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls()


@final
@dataclass(frozen=True, eq=False)
class Project:
    """``X @ matrix``; ``matrix`` is (d, k)."""

    kind: ClassVar[str] = "project"

    matrix: Array

    def __call__(self, X: Array) -> Array:
        """(n, d) to (n, k)."""
        return np.asarray(X @ self.matrix)

    def state(self) -> State:
        """The matrix."""
        return {"matrix": self.matrix}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(np.asarray(state["matrix"], np.float64))


@final
@dataclass(frozen=True, eq=False)
class Divide:
    """``X / by``; ``by`` > 0."""

    kind: ClassVar[str] = "divide"

    by: float

    def __call__(self, X: Array) -> Array:
        """(n, d) to (n, d)."""
        return np.asarray(X / self.by)

    def state(self) -> State:
        """The divisor."""
        return {"by": self.by}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(float(state["by"]))


@final
@dataclass(frozen=True, eq=False)
class Gaussian:
    """``exp(-gamma ||x - anchor||^2)`` for each of the anchors (m, d); gamma > 0."""

    kind: ClassVar[str] = "gaussian"

    anchors: Array
    gamma: float

    def __call__(self, X: Array) -> Array:
        """(n, d) to (n, m)."""
        return np.exp(-self.gamma * squared_distances(X, self.anchors))

    def state(self) -> State:
        """Anchors and gamma."""
        return {"anchors": self.anchors, "gamma": self.gamma}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(np.asarray(state["anchors"], np.float64), float(state["gamma"]))


Step: TypeAlias = UnitRows | Project | Divide | Gaussian
_KINDS: dict[str, type[Step]] = {kind.kind: kind for kind in (UnitRows, Project, Divide, Gaussian)}


@final
@dataclass(frozen=True, eq=False)
class Chain:
    """The steps in order; without any, the identity."""

    steps: tuple[Step, ...] = ()

    def __call__(self, X: Array) -> Array:
        """Rows (n, d) after all steps, (n, k)."""
        for step in self.steps:
            X = step(X)
        return X

    def then(self, *steps: Step) -> Chain:
        """A longer chain."""
        return Chain((*self.steps, *steps))

    def state(self) -> State:
        """A list of steps, each with its kind."""
        return {"steps": [{"kind": step.kind, **step.state()} for step in self.steps]}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`. Raises ``InputError`` for an unknown kind of step."""
        return cls(tuple(_restored(state["steps"])))


def _restored(states: list[State]) -> Iterable[Step]:
    for state in states:
        kind = state["kind"]
        if kind not in _KINDS:
            raise InputError(
                f"the saved model has a step {kind!r}: it must be one of {', '.join(_KINDS)}; save it anew"
            )
        yield _KINDS[kind].restore(state)
