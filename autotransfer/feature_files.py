"""Feature matrices on disk: one checked .npy file a key, shared by any number of processes."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import time
import uuid
import zlib
from pathlib import Path

import numpy as np

from autotransfer.data import Array

_log = logging.getLogger(__name__)
_DAY = 86_400.0
_CHECK_BYTES = 4


class FeatureFiles:
    """A folder of matrices.

    A file is written under a temporary name and then renamed, so a reader sees all of it or nothing, and of two writers
    of one key either may win. It ends in a CRC-32 of what precedes (NumPy ignores the rest of a mapped file), so that
    whatever a crash or a bad disk did to it is noticed without waiting for the disk at each write.

    :param folder: created when it is first written to.
    :param max_bytes: checked each time that a tenth of it has been written by this process.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self._unchecked = max_bytes  # the first write looks at what earlier runs have left

    def load(self, key: str) -> Array | None:
        """The matrix, memory-mapped and read-only; None when there is none or its file is damaged."""
        path = self._path(key)
        try:
            content = np.memmap(path, np.uint8, mode="r")
            if zlib.crc32(content[:-_CHECK_BYTES].data) != int.from_bytes(content[-_CHECK_BYTES:].tobytes(), "little"):
                raise ValueError("its checksum is wrong")
            features = np.load(path, mmap_mode="r", allow_pickle=False)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, EOFError) as error:
            _log.warning("%s: computed again, because the file is damaged (%s)", path, error)
            return None
        with contextlib.suppress(OSError):  # a folder that can only be read, or a file that was pruned just now
            os.utime(path)
        return np.asarray(features)

    def store(self, key: str, features: Array) -> None:
        """Keep the matrix. A full or read-only disk costs a warning, not the run."""
        temporary = self.folder / f".{key}.{uuid.uuid4().hex}.tmp"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._make_room(features.nbytes)
            try:
                _write(temporary, features)
                temporary.replace(self._path(key))
            finally:
                temporary.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("%s: features are not kept on disk (%s)", self.folder, error)

    def prune(self, max_bytes: int) -> None:
        """Delete files, those used longest ago first, until the rest fits; and what killed writers left a day ago."""
        for path, status in self._files(".*.tmp"):
            if time.time() - status.st_mtime > _DAY:
                path.unlink(missing_ok=True)
        files = sorted(self._files("*.npy"), key=lambda file: file[1].st_mtime_ns)
        total = sum(status.st_size for _, status in files)
        for path, status in files:
            if total <= max_bytes:
                break
            path.unlink(missing_ok=True)  # a process that has it mapped keeps its content
            total -= status.st_size

    def _make_room(self, coming: int) -> None:
        self._unchecked += coming
        if self._unchecked > self.max_bytes // 10:
            self._unchecked = 0
            self.prune(self.max_bytes)

    def _files(self, pattern: str) -> list[tuple[Path, os.stat_result]]:
        found = []
        for path in self.folder.glob(pattern):
            with contextlib.suppress(FileNotFoundError):  # another process pruned it
                found.append((path, path.stat()))
        return found

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.npy"


def _write(path: Path, features: Array) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(features))
    check = zlib.crc32(features.data, zlib.crc32(header.getvalue()))
    with path.open("wb") as file:
        for part in (header.getvalue(), features.data, check.to_bytes(_CHECK_BYTES, "little")):
            file.write(part)
