"""What is installed: every method, estimator, encoder, validator and sampler by name, and which plugin brought it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autotransfer.errors import InputError

if TYPE_CHECKING:
    from autotransfer.encoder import Encoder
    from autotransfer.method import Method
    from autotransfer.relatedness import RelatednessEstimator
    from autotransfer.validator import Validator


@dataclass(frozen=True)
class PluginProblem:
    """Something that a plugin got wrong. It was left out; everything else works.

    :param plugin: entry point name.
    :param distribution: the installed package that holds it; empty for plugin objects given in Python.
    :param fix: a line to run or to paste.
    """

    plugin: str
    distribution: str
    problem: str
    fix: str

    def __str__(self) -> str:
        package = f" (package {self.distribution})" if self.distribution else ""
        return f"plugin {self.plugin}{package}: {self.problem}; {self.fix}"


@dataclass(frozen=True)
class Catalogue:
    """Everything that plugins contribute, built-in ones included.

    :param encoders: the ones to try first in front; the built-in ones before others.
    :param samplers: factories, seed -> optuna sampler.
    :param owners: ``"method:coral"``, ``"estimator:..."``, ``"encoder:..."``, ``"validator:..."``, ``"sampler:..."`` ->
        plugin name.
    :param hook: calls the remaining hooks of all plugins, e.g. ``hook.read_dataset(uri=..., options=...)``.
    :param validators: by name, the default in front; the built-in ones before others.
    """

    methods: Mapping[str, type[Method]]
    estimators: Mapping[str, RelatednessEstimator]
    encoders: tuple[Encoder, ...]
    samplers: Mapping[str, Callable[[int], Any]]
    problems: tuple[PluginProblem, ...]
    owners: Mapping[str, str]
    hook: Any
    validators: Mapping[str, Validator] = field(default_factory=dict)

    def method(self, name: str) -> type[Method]:
        """The method of that name. Raises ``InputError`` that says which names come close."""
        if name in self.methods:
            return self.methods[name]
        near = difflib.get_close_matches(name, self.methods, n=3) or sorted(self.methods)
        raise InputError(
            f"no method is called {name!r}: choose one of {', '.join(near)} (autotransfer methods lists all)"
        )
