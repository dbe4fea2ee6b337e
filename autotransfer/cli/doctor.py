"""``autotransfer doctor``: environment, versions, devices, caches, broken plugins."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autotransfer.cli import options, streams
from autotransfer.commands import Command

_COMPILERS = ("c++", "g++", "clang++", "nvcc", "ninja")
_GIB = 2**30


def configure(parser: argparse.ArgumentParser) -> None:
    """No options but ``--json``."""
    options.add_json(parser)


def execute(args: argparse.Namespace) -> int:
    """Look and tell. Nothing that is missing or broken is an error here."""
    from autotransfer.render.as_json import to_text
    from autotransfer.render.text import render_text

    with streams.kept_clean():
        facts = examine()
    streams.answer(to_text(facts) if args.json else render_text(_report(facts)))
    return 0


def examine() -> dict[str, Any]:
    """Everything that doctor shows, as plain data."""
    parts: Mapping[str, Callable[[], Any]] = {
        "machine": _machine,
        "packages": _packages,
        "devices": _devices,
        "compilers": lambda: {name: shutil.which(name) for name in _COMPILERS},
        "cache": _cache,
        "plugins": _broken_plugins,
    }
    return {name: look() for name, look in parts.items()}


def _machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "executable": sys.executable,
        "platform": platform.platform(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": _memory(),
        "encoding": sys.stdout.encoding,
    }


def _memory() -> float | None:
    """Physical memory in GiB; None where the system does not say."""
    names = getattr(os, "sysconf_names", {})
    if not {"SC_PHYS_PAGES", "SC_PAGE_SIZE"} <= set(names):
        return None
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / _GIB, 1)


def _packages() -> dict[str, str | None]:
    """Installed versions of autotransfer and of everything it can use; nothing is imported."""
    from importlib import metadata

    wanted = {"autotransfer"} | {_bare(line) for line in metadata.requires("autotransfer") or () if "'dev'" not in line}
    return {name: _version(name) for name in sorted(wanted)}


def _bare(requirement: str) -> str:
    """The name at the start of a requirement line."""
    end = next((at for at, sign in enumerate(requirement) if not (sign.isalnum() or sign in "-_.")), len(requirement))
    return requirement[:end]


def _version(name: str) -> str | None:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _devices() -> dict[str, Any]:
    try:
        import torch
    except (ImportError, OSError) as error:  # missing, or its shared libraries are
        return {"cpu": True, "torch": f"cannot be imported: {error}"}
    mps = torch.backends.mps.is_available()
    names = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
    return {"cpu": True, "cuda": names, "mps": mps, "torch_threads": torch.get_num_threads()}


def _cache() -> dict[str, Any]:
    from autotransfer.readers.user_cache import user_cache

    folder = user_cache()
    return {"folder": str(folder), "size_mib": round(_size(folder) / 2**20, 1)}


def _size(folder: Path) -> int:
    """Bytes below a folder. Other processes may remove files meanwhile."""
    total = 0
    for root, _, files in os.walk(folder):
        for name in files:
            try:
                total += (Path(root) / name).lstat().st_size
            except FileNotFoundError:
                continue
    return total


def _broken_plugins() -> dict[str, Any]:
    from autotransfer.plugins import load_catalogue

    catalogue = load_catalogue()
    owners = sorted(set(catalogue.owners.values()))
    return {"working": owners, "problems": [str(problem) for problem in catalogue.problems]}


def _report(facts: dict[str, Any]) -> Any:
    from autotransfer.report import Report, Section
    from autotransfer.report.background import facts as section

    problems = facts["plugins"]["problems"]
    headline = "Nothing is broken." if not problems else f"{len(problems)} plugin problem(s), see the end."
    sections = [section(name.capitalize(), facts[name]) for name in ("machine", "packages", "devices", "compilers")]
    sections.append(section("Cache", facts["cache"]))
    sections.append(Section("Plugins", (f"Working: {', '.join(facts['plugins']['working']) or 'none'}.", *problems)))
    return Report("autotransfer: doctor", headline, tuple(sections))


COMMAND = Command("doctor", "environment, versions, devices, caches, broken plugins", configure, execute)
