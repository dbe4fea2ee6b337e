"""Writes a new plugin package: ``autotransfer plugins new NAME``."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from string import Template

from autotransfer.errors import InputError

PREFIX = "autotransfer"
_NAME = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")


def create_plugin(name: str, folder: Path) -> list[Path]:
    """Write the package ``autotransfer-NAME`` into ``folder`` and return its files.

    It works as written: it holds one method and passes its own test, also before it is installed.

    :param name: lower case letters and digits, words joined by ``-`` or ``_``.
    :param folder: where the package's folder is made.
    :raises InputError: the name is no such name, or the package's folder exists.
    """
    bare = name.removeprefix(f"{PREFIX}-").removeprefix(f"{PREFIX}_")
    if not _NAME.fullmatch(bare):
        raise InputError(f"plugin name {name!r}: use lower case letters and digits joined by '-', e.g. nearest-mean")
    project = folder / f"{PREFIX}-{bare.replace('_', '-')}"
    if project.exists():
        raise InputError(f"{project} exists: choose another name, or another folder with --out")
    method = bare.replace("-", "_")
    return write_package(project, method, method.title().replace("_", ""))


def write_package(project: Path, method_name: str, class_name: str) -> list[Path]:
    """Fill in the template; ``project`` is the folder to make, its name the distribution's."""
    module = project.name.replace("-", "_")
    words = {
        "project": project.name,
        "plugin": project.name.removeprefix(f"{PREFIX}-"),
        "module": module,
        "method_name": method_name,
        "class_name": class_name,
    }
    targets = {
        "pyproject.toml": project / "pyproject.toml",
        "README.md": project / "README.md",
        "plugin.py": project / "src" / module / "__init__.py",
        "test_plugin.py": project / "tests" / f"test_{module}.py",
    }
    for template, path in targets.items():
        text = resources.files(__package__).joinpath("template", f"{template}.txt").read_text(encoding="utf-8")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(Template(text).substitute(words), encoding="utf-8")
        except OSError as error:
            raise InputError(f"{path}: cannot be written ({error.strerror}); choose a folder with --out") from error
    return list(targets.values())
