"""``autotransfer plugins check TARGET``: the kit run on a plugin, a method, or a package that is not installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from autotransfer.catalogue import Catalogue, PluginProblem
from autotransfer.errors import InputError
from autotransfer.hookspecs import GROUP
from autotransfer.plugins import load_catalogue
from autotransfer.testing.check import Check, CheckReport, CheckResult, Outcome
from autotransfer.testing.encoders import encoder_checks
from autotransfer.testing.estimators import estimator_checks
from autotransfer.testing.methods import method_checks
from autotransfer.testing.validators import validator_checks


def check_target(target: str) -> CheckReport:
    """Run the conformance kit.

    :param target: an installed plugin's name, a method's name, or a path: a module ``.py``, a package's folder, or a
        project's folder with ``pyproject.toml``. What lies at a path runs in a process of its own.
    :raises InputError: nothing goes by that name.
    """
    path = Path(target)
    if path.suffix == ".py" or path.is_dir():
        return _check_path(target, path)
    catalogue = load_catalogue()
    plugins = {*catalogue.owners.values(), *(problem.plugin for problem in catalogue.problems)}
    if target in catalogue.methods:
        return CheckReport(target, tuple(check.result() for check in method_checks(catalogue.methods[target])))
    if target in plugins:
        return report(target, catalogue, [target])
    raise InputError(f"nothing is called {target!r}: name a plugin ({', '.join(sorted(plugins))}), a method, or a path")


def report(target: str, catalogue: Catalogue, plugins: Sequence[str]) -> CheckReport:
    """Everything that these plugins bring, checked; what could not be loaded counts as failed."""
    found = [_failure(problem) for problem in catalogue.problems if problem.plugin in plugins]
    found += [check.result() for check in plugin_checks(catalogue, plugins)]
    return CheckReport(target, tuple(found))


def plugin_checks(catalogue: Catalogue, plugins: Sequence[str]) -> Iterator[Check]:
    """The checks for everything that these plugins brought and that the kit knows."""
    for name, method in catalogue.methods.items():
        if catalogue.owners[f"method:{name}"] in plugins:
            yield from method_checks(method)
    for name, estimator in catalogue.estimators.items():
        if catalogue.owners[f"estimator:{name}"] in plugins:
            yield from estimator_checks(estimator)
    for encoder in catalogue.encoders:
        if catalogue.owners[f"encoder:{encoder.name}"] in plugins:
            yield from encoder_checks(encoder)
    for name, validator in catalogue.validators.items():
        if catalogue.owners[f"validator:{name}"] in plugins:
            yield from validator_checks(validator)


def report_of_modules(target: str, names: Sequence[str]) -> CheckReport:
    """The plugin modules of these names, which can be imported but are not installed."""
    modules = [import_module(name) for name in names]
    return report(target, load_catalogue(modules), [module.__name__ for module in modules])


def _failure(problem: PluginProblem) -> CheckResult:
    return CheckResult(problem.plugin, "loads", Outcome.FAILED, str(problem))


def _check_path(target: str, path: Path) -> CheckReport:
    if not path.exists():
        raise InputError(f"{path}: no such file; give a plugin's name, a method's name, or the path of a module")
    folders, modules = _modules(path.resolve())
    search = os.pathsep.join([*map(str, folders), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    done = subprocess.run(  # noqa: S603 - our own interpreter; the arguments are paths and names
        [sys.executable, "-m", "autotransfer.testing", target, *modules],
        env={**os.environ, "PYTHONPATH": search, "AUTOTRANSFER_PLUGINS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        return CheckReport(target, (CheckResult(modules[0], "loads", Outcome.FAILED, last),))
    return from_json(done.stdout)


def _modules(path: Path) -> tuple[list[Path], list[str]]:
    """Folders for the import path, and the plugin modules to import."""
    if path.is_file():
        return [path.parent], [path.stem]
    project = path / "pyproject.toml"
    if not project.is_file():
        return [path.parent], [path.name]
    entries = tomllib.loads(project.read_text(encoding="utf-8")).get("project", {}).get("entry-points", {})
    modules = [value.partition(":")[0].strip() for value in entries.get(GROUP, {}).values()]
    if not modules:
        raise InputError(f'{project}: no plugin is declared; add [project.entry-points.{GROUP}] with name = "module"')
    return [path / "src", path], modules


def to_json(found: CheckReport) -> str:
    """One JSON document."""
    return json.dumps(asdict(found))


def from_json(text: str) -> CheckReport:
    """The inverse of :func:`to_json`."""
    data = json.loads(text)
    results = (
        CheckResult(row["subject"], row["check"], Outcome(row["outcome"]), row["detail"]) for row in data["results"]
    )
    return CheckReport(data["target"], tuple(results))
