"""Discovery of plugins. A broken plugin becomes a :class:`PluginProblem` with its fix, and stops nothing else."""

from __future__ import annotations

import difflib
import functools
import inspect
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from types import ModuleType
from typing import Any

import pluggy

from autotransfer import hookspecs
from autotransfer.catalogue import Catalogue, PluginProblem
from autotransfer.contributions import Item, Kind, kinds
from autotransfer.errors import AutoTransferError, PluginError

__all__ = ["CORE", "PluginProblem", "Plugins", "load_catalogue", "load_plugins"]

CORE = "autotransfer"
"""The distribution whose plugins are built in."""

VARIABLE = "AUTOTRANSFER_PLUGINS"
"""Environment variable: names of the third-party plugins to load, joined by commas; unset: all, empty: none."""

_MARK = f"{hookspecs.GROUP}_impl"
_SPECS: dict[str, Callable[..., Any]] = {
    name: spec for name, spec in vars(hookspecs).items() if hasattr(spec, f"{hookspecs.GROUP}_spec")
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Origin:
    """Where a plugin comes from."""

    plugin: str
    distribution: str

    @property
    def built_in(self) -> bool:
        return self.distribution == CORE

    def problem(self, problem: str, fix: str = "") -> PluginProblem:
        return PluginProblem(self.plugin, self.distribution, problem, fix or self.removal())

    def removal(self) -> str:
        """The line that ends the trouble when nothing better is known."""
        if self.built_in:
            return f"run: pip install --force-reinstall {CORE}"
        if not self.distribution:
            return "correct it or do not pass it"
        return f"update it, or run: pip uninstall {self.distribution}"


@dataclass(frozen=True)
class Plugins:
    """Imported plugins, before they are asked what they bring. Cheap: only plugin modules are imported.

    :param hook: calls the hooks of all plugins.
    :param implementations: plugin name -> hook name -> function, built-in plugins first, then by name.
    """

    hook: Any
    implementations: Mapping[str, Mapping[str, Callable[..., Any]]]
    origins: Mapping[str, _Origin]
    problems: tuple[PluginProblem, ...]


@dataclass
class _Loading:
    """Plugins and problems found so far."""

    manager: pluggy.PluginManager
    implementations: dict[str, dict[str, Callable[..., Any]]] = field(default_factory=dict)
    origins: dict[str, _Origin] = field(default_factory=dict)
    problems: list[PluginProblem] = field(default_factory=list)

    def add(self, origin: _Origin, plugin: object) -> None:
        """Register a plugin under its name, its broken hooks left out."""
        first = self.origins.get(origin.plugin)
        if first is not None:
            owner = first.distribution or "a plugin given in Python"
            self.problems.append(origin.problem(f"the plugin name {origin.plugin!r} is taken by {owner}"))
            return
        sound = dict(self._sound(origin, plugin))
        self.origins[origin.plugin] = origin
        self.implementations[origin.plugin] = sound
        if not origin.built_in:
            sound = {name: _guarded(origin, name, function) for name, function in sound.items()}
        facade = ModuleType(origin.plugin)
        vars(facade).update(sound)
        self.manager.register(facade, name=origin.plugin)

    def _sound(self, origin: _Origin, plugin: object) -> Iterator[tuple[str, Callable[..., Any]]]:
        found = False
        for name in dir(plugin):
            function = getattr(plugin, name, None)
            if not inspect.isroutine(function) or not (name in _SPECS or hasattr(function, _MARK)):
                continue
            found = True
            wrong = _wrong_hook(name, function)
            if wrong is None:
                yield name, function
            else:
                self.problems.append(origin.problem(*wrong))
        if not found:
            fix = "define one of " + ", ".join(_SPECS) + " under @hookimpl, e.g. @hookimpl def transfer_methods(): ..."
            self.problems.append(origin.problem("it implements no hook", fix))


def load_catalogue(extra: Sequence[object] = ()) -> Catalogue:
    """Everything that installed plugins bring.

    :param extra: more plugins: modules or objects with hook implementations, named by ``__name__`` or their class.
    """
    loaded = load_plugins(extra)
    problems = list(loaded.problems)
    owners: dict[str, str] = {}
    found = {kind.hook: _collect(kind, loaded, owners, problems) for kind in kinds()}
    return Catalogue(
        methods=found["transfer_methods"],
        estimators=found["relatedness_estimators"],
        encoders=tuple(found["encoders"].values()),
        samplers=found["samplers"],
        problems=tuple(problems),
        owners=owners,
        hook=loaded.hook,
        validators=found["validators"],
    )


def load_plugins(extra: Sequence[object] = ()) -> Plugins:
    """Import the installed plugins, built-in ones first, then by name; then the ones in ``extra``."""
    manager = pluggy.PluginManager(hookspecs.GROUP)
    manager.add_hookspecs(hookspecs)
    loading = _Loading(manager)
    for origin, entry_point in _entry_points(loading.problems):
        try:
            plugin = entry_point.load()
        except (Exception, SystemExit) as error:  # whatever a stranger's module does when imported
            loading.problems.append(_import_problem(origin, error))
        else:
            loading.add(origin, plugin)
    for plugin in extra:
        loading.add(_Origin(getattr(plugin, "__name__", type(plugin).__name__), ""), plugin)
    return Plugins(manager.hook, loading.implementations, loading.origins, tuple(loading.problems))


def _entry_points(problems: list[PluginProblem]) -> list[tuple[_Origin, metadata.EntryPoint]]:
    found = [
        (_Origin(entry.name, entry.dist.name if entry.dist else ""), entry)
        for entry in metadata.entry_points(group=hookspecs.GROUP)
    ]
    found.sort(key=lambda pair: (not pair[0].built_in, pair[0].plugin, pair[0].distribution))
    wanted = os.environ.get(VARIABLE)
    if wanted is None:
        return found
    names = {name.strip() for name in wanted.split(",") if name.strip()}
    for name in sorted(names - {origin.plugin for origin, _ in found}):
        fix = f"install it, or take it out of {VARIABLE}"
        problems.append(PluginProblem(name, "", f"{VARIABLE} names it, but it is not installed", fix))
    return [(origin, entry) for origin, entry in found if origin.built_in or origin.plugin in names]


def _import_problem(origin: _Origin, error: BaseException) -> PluginProblem:
    words = f"importing it raised {_in_one_line(error)}"
    if isinstance(error, ModuleNotFoundError) and error.name and not origin.built_in:
        return origin.problem(words, f"run: pip install {error.name.partition('.')[0]}   or: {origin.removal()}")
    return origin.problem(words)


def _in_one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(": ")


def _wrong_hook(name: str, function: Callable[..., Any]) -> tuple[str, str] | None:
    """What is wrong with a hook implementation and how to fix it, or None."""
    if name not in _SPECS:
        near = difflib.get_close_matches(name, _SPECS, n=1) or list(_SPECS)
        return f"there is no hook {name!r}", f"rename it to {' or '.join(near)}"
    if not hasattr(function, _MARK):
        return f"{name} is not marked", f"put @hookimpl above it (from {hookspecs.__name__} import hookimpl)"
    allowed = list(inspect.signature(_SPECS[name]).parameters)
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name not in allowed or parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
            return f"{name} asks for {str(parameter)!r}", f"write: def {name}({', '.join(allowed)})"
    return None


def _guarded(origin: _Origin, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The hook implementation with a stranger's exceptions under its name.

    Where the first answer counts, the caller needs to know: ``PluginError``. Where all plugins are asked, the others
    go on: the failure is logged and counts as no answer. Errors meant for the user pass.
    """
    if inspect.isgeneratorfunction(function):
        return function  # a pluggy wrapper around other plugins
    options = getattr(_SPECS[name], f"{hookspecs.GROUP}_spec")

    @functools.wraps(function)
    def call(*args: Any) -> Any:
        try:
            return function(*args)
        except AutoTransferError:
            raise
        except Exception as error:
            words = str(origin.problem(f"{name} raised {_in_one_line(error)}"))
            if options["firstresult"]:
                raise PluginError(words) from error
            _log.warning("%s", words)
            return None

    return call


def _items(kind: Kind, hooks: Mapping[str, Callable[..., Any]]) -> list[Item]:
    if kind.hook not in hooks:
        return []
    try:
        answer = hooks[kind.hook]()
    except Exception as error:  # whatever a stranger's hook does
        raise PluginError(f"{kind.hook} raised {_in_one_line(error)}") from error
    try:
        return kind.items(answer)
    except TypeError as error:
        raise PluginError(str(error)) from error


def _collect(kind: Kind, loaded: Plugins, owners: dict[str, str], problems: list[PluginProblem]) -> dict[str, Any]:
    """Sound contributions of one kind by name, first come first served; the others become problems."""
    found: dict[str, Any] = {}
    for plugin, hooks in loaded.implementations.items():
        origin = loaded.origins[plugin]
        try:
            items = _items(kind, hooks)
        except PluginError as error:
            problems.append(origin.problem(str(error)))
            continue
        for item in items:
            wrong = kind.fault(item)
            if wrong is None and item.name in found:
                owner = owners[f"{kind.word}:{item.name}"]
                wrong = (f"the {kind.word} name {item.name!r} is taken by the plugin {owner}", kind.rename)
            if wrong is not None:
                problems.append(origin.problem(*wrong))
                continue
            found[item.name] = item.value
            owners[f"{kind.word}:{item.name}"] = plugin
    return found
