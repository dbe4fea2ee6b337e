"""What each plugin is and brings, as data: the rows of ``autotransfer plugins list``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata

from autotransfer.catalogue import Catalogue, PluginProblem
from autotransfer.hookspecs import GROUP

_WORDS = {
    "read_dataset": "reads data sets",
    "open_source": "opens models",
    "make_selector": "a selector",
    "trial_finished": "listens to trials",
    "report_sections": "report sections",
    "report_formats": "report formats",
    "register_commands": "commands",
}


@dataclass(frozen=True)
class PluginInfo:
    """One plugin.

    :param distribution: the package it came with; empty for plugins given in Python. ``version``: that package's.
    :param brings: e.g. ``"method coral"``, ``"reads data sets"``.
    """

    name: str
    distribution: str
    version: str
    brings: tuple[str, ...]
    problems: tuple[PluginProblem, ...]


def describe_plugins(catalogue: Catalogue) -> list[PluginInfo]:
    """Every plugin that was loaded or failed to, by name."""
    brings: dict[str, list[str]] = {}
    for contribution, plugin in catalogue.owners.items():
        brings.setdefault(plugin, []).append(contribution.replace(":", " "))
    for hook, words in _WORDS.items():
        for implementation in getattr(catalogue.hook, hook).get_hookimpls():
            brings.setdefault(implementation.plugin_name, []).append(words)
    packages = {
        entry.name: (entry.dist.name, entry.dist.version)
        for entry in metadata.entry_points(group=GROUP)
        if entry.dist is not None
    }
    names = {*brings, *(problem.plugin for problem in catalogue.problems)}
    return [
        PluginInfo(
            name,
            *packages.get(name, ("", "")),
            brings=tuple(brings.get(name, ())),
            problems=tuple(problem for problem in catalogue.problems if problem.plugin == name),
        )
        for name in sorted(names)
    ]
