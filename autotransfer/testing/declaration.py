"""What a class says about itself: complete, of the right types, immutable, documented."""

from __future__ import annotations

import inspect
import json
from dataclasses import fields, is_dataclass
from typing import Any

from autotransfer import config
from autotransfer.contributions import Item, kinds
from autotransfer.method import Method
from autotransfer.testing.check import require


def declaration(word: str, value: Any) -> None:
    """The rules for everything that a plugin contributes; ``word`` is ``method``, ``estimator``, ``encoder`` or
    ``validator``.

    ``value`` is a method class, or an instance of one of the others.
    """
    kind = next(kind for kind in kinds() if kind.word == word)
    fault = kind.fault(Item(str(getattr(value, "name", "")), value))
    require(fault is None, "; ".join(fault or ()))
    cls = value if isinstance(value, type) else type(value)
    require(is_dataclass(cls) and _frozen(cls), f"{cls.__name__} can change: put @dataclass(frozen=True) above it")
    require(getattr(cls, "__final__", False), f"{cls.__name__} can be derived from: put @final above @dataclass")
    require(value.reference.strip(), 'reference is empty: write the publication, or "standard practice"')
    _documented(cls)
    _no_open_arguments(cls)
    _defaults(cls)


def method_declaration(method: type[Method]) -> None:
    """The further rules for methods."""
    kinds_of_target = method.regression or method.classification
    require(kinds_of_target, "it handles neither classes nor values: set classification or regression to True")
    require(method.modalities, "modalities is empty: write frozenset({Modality.FEATURES})")
    both = method.needs & method.uses
    require(not both, f"{both} stands in needs and in uses: take it out of uses")
    given = list(inspect.signature(method.fit).parameters)
    require(given == ["self", "task", "source", "ctx"], f"fit takes {given}: write def fit(self, task, source, ctx)")


def settings(method: type[Method]) -> None:
    """Hyperparameters are JSON values, the defaults come back from JSON, and nested ones carry their kind."""
    default = method()
    round_trip(default)
    hash(default)


def round_trip(instance: Method) -> None:
    """``from_json(to_json(m)) == m``, through real JSON text."""
    params = instance.params()
    try:
        text = json.dumps(params, allow_nan=False)
    except (TypeError, ValueError) as error:
        words = f"params() is no JSON ({error}): use bool, int, float, str, None, tuples and nested frozen dataclasses"
        require(False, words)
        raise
    again = config.from_json(type(instance), json.loads(text))
    require(again == instance, f"{instance} comes back from JSON as {again}: keep fields to JSON values")


def _frozen(cls: Any) -> bool:
    return bool(cls.__dataclass_params__.frozen)


def _documented(cls: type) -> None:
    written = (cls.__doc__ or "").strip()
    generated = written.startswith(f"{cls.__name__}(")  # what @dataclass makes up
    require(written and not generated, f'{cls.__name__} has no docstring: write """First sentence with the paper."""')


def _no_open_arguments(cls: type) -> None:
    for name, function in inspect.getmembers(cls, inspect.isroutine):
        if name.startswith("__") or name not in vars(cls):
            continue
        parameters = inspect.signature(function).parameters.values()
        require(
            all(parameter.kind is not parameter.VAR_KEYWORD for parameter in parameters),
            f"{name} takes **keywords: name its arguments",
        )


def _defaults(cls: Any) -> None:
    for field in fields(cls):
        lacks = "MISSING" in repr(field.default) and "MISSING" in repr(field.default_factory)
        require(not lacks, f"the field {field.name} has no default: give one that is sane without any search")
