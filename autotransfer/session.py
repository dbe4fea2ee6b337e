"""What the steps of the main job hand to each other, and the clock that they share."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from autotransfer import __version__
from autotransfer.catalogue import Catalogue
from autotransfer.errors import InputError
from autotransfer.problem import Problem, RawData
from autotransfer.progress import Progress
from autotransfer.settings import Settings
from autotransfer.store import RunFolder
from autotransfer.task import Source
from autotransfer.trial import Skipped

_SEARCH_UNTIL, _GUARD_UNTIL = 0.75, 0.92
"""Shares of the budget: the search's end, the guard's end; the rest is for the final fit, the test and the report."""
_SHARED = (
    *("seed", "metric", "classes", "parallel", "dictionary", "translator"),
    *("storage", "validator", "keep_source", "max_params", "max_latency"),
)
"""Settings on which the trials of a run rest: its folds, its scores, where it keeps them, and which it refuses."""
_TRACKED = ("numpy", "scipy", "pandas", "scikit-learn", "optuna", "torch", "timm")


@dataclass(frozen=True)
class Clock:
    """The wall clock of one run."""

    started: float
    budget: float

    @property
    def search_deadline(self) -> float:
        """``time.monotonic()`` value at which the search ends."""
        return self.started + self.budget * _SEARCH_UNTIL

    @property
    def guard_deadline(self) -> float:
        """``time.monotonic()`` value at which the guard's own trials end."""
        return self.started + self.budget * _GUARD_UNTIL

    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def left(self) -> float:
        """Seconds of the search that are left, at least 0."""
        return max(0.0, self.search_deadline - time.monotonic())


@dataclass(eq=False)
class Session:
    """One run under way: fixed parts, and the lists that its steps append to."""

    settings: Settings
    folder: RunFolder
    clock: Clock
    progress: Progress
    catalogue: Catalogue
    problem: Problem
    given: dict[str, Any]
    notes: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def stage(self, words: str) -> None:
        """A step begins."""
        self.folder.log("stage", {"words": words})
        self.progress.stage(words)

    def data(self) -> dict[str, Any]:
        """The data of the run, for ``run.json``."""
        problem = self.problem
        described = {source.name: _describe_source(source) for source in problem.sources}
        target = {
            "name": problem.target.name,
            "modality": str(problem.target.modality),
            "labeled": problem.n_labeled,
            "unlabeled": 0 if problem.unlabeled is None else len(problem.unlabeled),
            "test": 0 if problem.test is None else len(problem.test),
            "classes": None if problem.classes is None else list(problem.classes),
            "digest": problem.target.digest,
        }
        if problem.tasks:
            target["tasks"] = {
                task.name: None if task.classes is None else list(task.classes) for task in problem.tasks
            }
        return {"given": self.given, "target": target, "sources": described}


def open_folder(settings: Settings, name: str) -> RunFolder:
    """A new run directory, or the one to resume."""
    if settings.resume is not None:
        folder = RunFolder.open(settings.resume)
        folder.sweep()
        return folder
    if settings.out is not None:
        return RunFolder.create(settings.out)
    stamp = time.strftime("%Y%m%d-%H%M%S")
    stem = "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip(".") or "run"
    taken = (Path("runs") / f"{stem}-{stamp}{suffix}" for suffix in ("", *(f"-{k}" for k in range(2, 1000))))
    return RunFolder.create(next(path for path in taken if not path.exists()))


def given_names(target: object, sources: Sequence[object]) -> dict[str, Any]:
    """How the data were named; None for data that were given in memory and cannot be found again by name."""
    return {"target": _uri(target), "sources": [_uri(source) for source in sources]}


def check_same(folder: RunFolder, data: dict[str, Any], settings: Settings) -> None:
    """Raise ``InputError`` when a run is resumed with other data, or with settings that its trials do not share."""
    content = folder.read_json()
    before, chosen = content.get("data", {}), content.get("settings", {})
    for part in ("target", "sources"):
        if before.get(part) != json.loads(json.dumps(data[part])):
            raise InputError(f"--resume {folder.path}: the {part} differ from those of that run; start a new run")
    now = settings_json(settings)
    for name in _SHARED:
        if chosen.get(name) != now[name]:
            option = f"--{name.replace('_', '-')}"
            stated = f"give {option} {chosen[name]}" if chosen.get(name) is not None else f"leave {option} out"
            raise InputError(f"--resume {folder.path}: {option} is not that run's; {stated}")


def settings_json(settings: Settings) -> dict[str, Any]:
    """Settings as JSON values. A password in the storage URL is left out."""
    values = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(settings).items()}
    if settings.storage is not None:
        from autotransfer.search import without_password

        values["storage"] = without_password(settings.storage)
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def environment() -> dict[str, Any]:
    """What the run ran on."""
    versions: dict[str, str | None] = {}
    for package in _TRACKED:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = None
    return {
        "autotransfer": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cores": os.cpu_count(),
        "packages": versions,
    }


def _uri(given: object) -> str | None:
    return None if isinstance(given, RawData | Source) or not isinstance(given, str | Path) else str(given)


def _describe_source(source: Source) -> dict[str, Any]:
    return {
        "rows": None if source.data is None else len(source.data),
        "classes": None if source.classes is None else list(source.classes),
        "digest": None if source.data is None else source.data.digest,
        "encoder": None if source.encoder is None else source.encoder.name,
    }
