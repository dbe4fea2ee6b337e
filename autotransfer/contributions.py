"""What a sound contribution of each kind looks like: the smallest declaration that the engine relies on."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import GenericAlias
from typing import Any, TypeAlias

from autotransfer.average import AVERAGE

Fault: TypeAlias = tuple[str, str]
"""What is wrong, and the fix."""

NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Item:
    """A contribution under the name it wants."""

    name: str
    value: Any


@dataclass(frozen=True)
class Kind:
    """One kind of contribution.

    :param hook: the hook that returns it.
    :param word: what messages call it.
    :param base: what values are instances of, or subclasses of where ``classes`` holds; None: callables by name.
    :param declared: class attributes, their types, and examples to paste. A ``type[...]`` asks for a subclass.
    """

    hook: str
    word: str
    base: type | None = None
    classes: bool = False
    declared: tuple[tuple[str, Any, str], ...] = ()

    def items(self, answer: object) -> list[Item]:
        """The contributions in a hook's answer. Raises ``TypeError`` when it is not of the promised form."""
        form, words = (Mapping, "a dict of names and factories") if self.base is None else (Sequence, "a list")
        if not isinstance(answer, form) or isinstance(answer, str):
            raise TypeError(f"{self.hook} returned {type(answer).__name__}, not {words}")
        if isinstance(answer, Mapping):
            return [Item(str(name), value) for name, value in answer.items()]
        return [Item(str(getattr(value, "name", "")), value) for value in answer]

    def fault(self, item: Item) -> Fault | None:
        """Why the engine cannot use this contribution, or None."""
        if self.base is None:
            if callable(item.value):
                return None
            return f"the {self.word} {item.name!r} cannot be called", "give a function of a seed"
        return self._misplaced(item.value, self.base) or self._undeclared(item.value) or self._misnamed(item)

    def _misplaced(self, value: Any, base: type) -> Fault | None:
        fits = _is_a(value, GenericAlias(type, base) if self.classes else base)
        what = f"{'a subclass' if self.classes else 'an instance of a subclass'} of {base.__module__}.{base.__name__}"
        if not fits:
            return f"{self.hook} returned {value!r}, which is not {what}", f"return {what} there"
        if inspect.isabstract(value):
            lacking = ", ".join(sorted(value.__abstractmethods__))
            return f"{value.__name__} does not define {lacking}", f"define {lacking} in it"
        return None

    def _undeclared(self, value: Any) -> Fault | None:
        owner = value.__name__ if self.classes else type(value).__name__
        for attribute, kind, example in self.declared:
            given = getattr(value, attribute, None)
            if not _is_a(given, kind):
                said = "no" if given is None else f"the wrong type {type(given).__name__} for"
                return f"{owner} declares {said} {attribute}", f"write in the class, e.g.: {attribute} = {example}"
        return None

    def _misnamed(self, item: Item) -> Fault | None:
        if item.name == AVERAGE:
            return f"the {self.word} name {AVERAGE!r} is what the engine calls an average of two models", self.rename
        if NAME.fullmatch(item.name):
            return None
        fixed = re.sub(r"\W+", "_", item.name.lower()).strip("_") or self.word
        return f"the {self.word} name {item.name!r} is not lower case with underscores", f'write: name = "{fixed}"'

    @property
    def rename(self) -> str:
        """The fix for a name that is taken."""
        if self.base is None:
            return "choose another key in its dict"
        return "choose another:  name = ...  in its class"


def _is_a(value: object, kind: Any) -> bool:
    """``isinstance`` that also understands ``type[Base]``."""
    if isinstance(kind, GenericAlias):
        return isinstance(value, type) and issubclass(value, kind.__args__[0])
    return isinstance(value, kind)


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds that the catalogue collects. Their types are imported here, not with this module: they are heavy."""
    from autotransfer.assets import Asset
    from autotransfer.data import Modality
    from autotransfer.encoder import Encoder
    from autotransfer.method import Method
    from autotransfer.predictor import Predictor
    from autotransfer.relatedness import RelatednessEstimator
    from autotransfer.validator import Clue, Validator

    name, reference = ("name", str, '"nearest_mean"'), ("reference", str, '"Author (year). Title. Venue. DOI"')
    needs, better = ("needs", Asset, "Asset.TARGET_LABELS | Asset.SOURCE_LABELS"), ("higher_is_better", bool, "True")
    of_methods = (
        name,
        needs,
        ("uses", Asset, "Asset.NONE"),
        ("modalities", frozenset, "frozenset({Modality.FEATURES})"),
        reference,
        ("predictor", type[Predictor], "MyPredictor"),
    )
    of_estimators = (
        name,
        needs,
        better,
        ("unit", str, '"nats, 0 to infinity"'),
        ("cost", str, '"O(n m d)"'),
        ("meaning", str, '"near 0: alike; large: far apart"'),
        reference,
    )
    of_encoders = (name, ("modality", Modality, "Modality.TABLE"), reference)
    of_validators = (
        name,
        ("needs", Clue, "Clue.TARGET"),
        better,
        *(("unit", str, '"nats, 0 to log C"'), ("cost", str, '"O(n C)"')),
        ("meaning", str, '"large: sure of itself; it cannot see an error that is sure"'),
        reference,
    )
    return (
        Kind("transfer_methods", "method", Method, classes=True, declared=of_methods),
        Kind("relatedness_estimators", "estimator", RelatednessEstimator, declared=of_estimators),
        Kind("encoders", "encoder", Encoder, declared=of_encoders),
        Kind("validators", "validator", Validator, declared=of_validators),
        Kind("samplers", "sampler"),
    )
