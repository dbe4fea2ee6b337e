"""The conditional search space: method, then its source and encoder, then its hyperparameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, final

from autotransfer.config import flatten, from_json
from autotransfer.errors import InputError
from autotransfer.method import Method, Suggest
from autotransfer.trial import Arm, Choice

_Choice = TypeVar("_Choice", bool, int, float, str)
METHOD = "method"


@final
@dataclass(frozen=True)
class Prefixed:
    """A ``Suggest`` whose names carry a method's name in front, so that methods do not share parameters."""

    inner: Suggest
    prefix: str

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        """A float in [low, high]."""
        return self.inner.suggest_float(f"{self.prefix}/{name}", low, high, log=log)

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int:
        """An int in [low, high]."""
        return self.inner.suggest_int(f"{self.prefix}/{name}", low, high, log=log)

    def suggest_categorical(self, name: str, choices: Sequence[_Choice]) -> _Choice:
        """One of the choices."""
        return self.inner.suggest_categorical(f"{self.prefix}/{name}", choices)


@dataclass(frozen=True)
class Candidate:
    """A point of the space: an arm, an encoder and a configured method."""

    arm: Arm
    encoder: str | None
    method: Method

    def choice(self) -> Choice:
        """The same as plain data."""
        return Choice(self.arm.method, self.arm.source, self.encoder, self.method.params())


@dataclass(frozen=True)
class Space:
    """Eligible arms and what can be varied about them.

    :param encoders: arm -> names of encoders that take its rows, in the order to try them; empty for raw rows.
    """

    arms: tuple[Arm, ...]
    methods: Mapping[str, type[Method]]
    encoders: Mapping[Arm, tuple[str, ...]]

    def names(self) -> tuple[str, ...]:
        """Methods with an eligible arm, in order."""
        return tuple(dict.fromkeys(arm.method for arm in self.arms))

    def libraries(self) -> tuple[str, ...]:
        """What its methods declare to need seconds to load, in order."""
        return tuple(dict.fromkeys(library for name in self.names() for library in self.methods[name].libraries))

    def sources(self, method: str) -> tuple[str, ...]:
        """Sources that a method can use; empty for methods that use none."""
        return tuple(arm.source for arm in self.arms if arm.method == method and arm.source is not None)

    def suggest(self, name: str, suggest: Suggest) -> Candidate:
        """A candidate of the method of that name, every part of it asked from ``suggest``."""
        inner = Prefixed(suggest, name)
        sources = self.sources(name)
        source = inner.suggest_categorical("@source", sources) if sources else None
        arm = Arm(name, source)
        known = self._method_encoders(name)
        encoder = inner.suggest_categorical("@encoder", known) if known else None
        if encoder is not None and encoder not in self.encoders[arm]:
            encoder = next(iter(self.encoders[arm]), None)
        return Candidate(arm, encoder, self.methods[name].suggest(inner))

    def _method_encoders(self, name: str) -> tuple[str, ...]:
        """Encoders that some arm of the method can use: a parameter's choices may not change within a study."""
        return tuple(dict.fromkeys(e for arm in self.arms if arm.method == name for e in self.encoders[arm]))

    def default(self, arm: Arm, encoder: str | None) -> Candidate:
        """The arm with the method's default hyperparameters."""
        return Candidate(arm, encoder, self.methods[arm.method]())

    def recall(self, choice: Choice) -> Candidate | None:
        """The candidate that a choice came from; None when it is no part of this space."""
        arm = choice.arm
        if arm not in self.arms or (choice.encoder is not None and choice.encoder not in self.encoders[arm]):
            return None
        try:
            return Candidate(arm, choice.encoder, from_json(self.methods[arm.method], choice.params))
        except InputError:
            return None

    def point(self, candidate: Candidate) -> dict[str, Any]:
        """The parameter values that make :meth:`suggest` give this candidate."""
        name = candidate.arm.method
        flat = {f"{name}/{key}": value for key, value in flatten(candidate.method).items()}
        chosen = {f"{name}/@source": candidate.arm.source, f"{name}/@encoder": candidate.encoder}
        return flat | {key: value for key, value in chosen.items() if value is not None}
