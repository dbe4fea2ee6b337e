"""The run directory: plain files that appear whole or not at all, so that a kill at any moment leaves a usable run."""

from __future__ import annotations

import io
import json
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.state import write_atomically


@dataclass(frozen=True)
class RunFolder:
    """Paths and files of one run."""

    path: Path

    @classmethod
    def create(cls, path: Path) -> RunFolder:
        """A new, empty run directory. Raises ``InputError`` when something is there already."""
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise InputError(f"--out {path}: it exists and is not empty; name another folder or use --resume {path}")
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"--out {path}: cannot be created ({error.strerror}); name another folder") from error
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """An existing run directory. Raises ``InputError`` when it is none."""
        if not (path / "run.json").is_file():
            raise InputError(f"{path}: no run here (run.json is missing); give the folder that fit wrote")
        return cls(path)

    def sweep(self) -> None:
        """Delete what a killed writer left half written."""
        for path in self.path.rglob(".*.tmp"):
            path.unlink(missing_ok=True)

    @property
    def database(self) -> Path:
        """Trial storage, unless another one was given."""
        return self.path / "study.db"

    @property
    def model(self) -> Path:
        """The shipped model."""
        return self.path / "model"

    def study_name(self) -> str:
        """Name of the study in the storage: unique to this run, kept in ``study.name``."""
        file = self.path / "study.name"
        if not file.is_file():
            write_atomically(file, f"autotransfer-{self.path.name}-{uuid.uuid4().hex[:8]}".encode())
        return file.read_text().strip()

    def read_json(self) -> dict[str, Any]:
        """The content of ``run.json``. Raises ``InputError`` when it is damaged."""
        try:
            content = json.loads((self.path / "run.json").read_bytes())
        except (OSError, ValueError) as error:
            raise InputError(f"{self.path / 'run.json'}: cannot be read ({error}); run fit again") from error
        if not isinstance(content, dict):
            raise InputError(f"{self.path / 'run.json'}: it must hold a JSON object; run fit again")
        return content

    def write_json(self, content: dict[str, Any]) -> None:
        """Replace ``run.json``."""
        write_atomically(self.path / "run.json", json.dumps(content, indent=1).encode())

    def write_text(self, name: str, text: str) -> None:
        """Replace a text file."""
        write_atomically(self.path / name, text.encode())

    def log(self, event: str, details: dict[str, object]) -> None:
        """Append a line to ``log.jsonl``."""
        line = json.dumps({"time": round(time.time(), 3), "event": event, **details})
        with (self.path / "log.jsonl").open("a+b") as file:
            size = file.seek(0, io.SEEK_END)
            file.seek(max(0, size - 1))
            torn = size > 0 and file.read(1) != b"\n"  # by a kill
            file.write(b"\n" * torn + line.encode() + b"\n")

    def save_predictions(self, number: int, predictions: Array) -> None:
        """Keep a trial's predictions for the guard."""
        buffer = io.BytesIO()
        np.save(buffer, predictions, allow_pickle=False)
        write_atomically(self._predictions(number), buffer.getvalue())

    def load_predictions(self, number: int) -> Array | None:
        """A trial's predictions, or None when they are not here."""
        try:
            return np.asarray(np.load(self._predictions(number), allow_pickle=False))
        except (OSError, ValueError, EOFError):
            return None

    def _predictions(self, number: int) -> Path:
        return self.path / "predictions" / f"{number:06d}.npy"
