"""The feature cache: each (encoder, fit rows, rows) is encoded once, kept in memory and on disk."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np

from autotransfer.config import to_json
from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.errors import PluginError
from autotransfer.feature_files import FeatureFiles
from autotransfer.footprint import Footprint, seconds_of
from autotransfer.recent import Recent

_MEMORY_BYTES = 512 * 2**20
_ENCODERS = 64
_SLOW_SECONDS = 0.02


def default_folder() -> Path:
    """``features`` below ``$AUTOTRANSFER_CACHE``, or below ``~/.cache/autotransfer``."""
    base = os.environ.get("AUTOTRANSFER_CACHE")
    return (Path(base) if base else Path.home() / ".cache" / "autotransfer") / "features"


class FeatureCache:
    """Fitted encoders in memory, encoded rows in memory and on disk. Any number of processes may share the folder.

    A pickled cache is its folder and limit: a worker starts with an empty memory and maps what others have written.

    :param folder: None keeps nothing on disk.
    :param max_bytes: about how much is kept on disk.
    """

    def __init__(self, folder: Path | None, max_bytes: int = 4 * 2**30) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self._files = None if folder is None else FeatureFiles(folder, max_bytes)
        self._encoders: Recent[FittedEncoder] = Recent(_ENCODERS, lambda encoder: 1)
        self._arrays: Recent[Array] = Recent(_MEMORY_BYTES, lambda array: array.nbytes)
        self._fingerprints: WeakKeyDictionary[Dataset, str] = WeakKeyDictionary()

    def __reduce__(self) -> tuple[type[FeatureCache], tuple[Path | None, int]]:
        return FeatureCache, (self.folder, self.max_bytes)

    def fitted(self, encoder: Encoder, fit_on: Dataset) -> FittedEncoder:
        """The encoder, fitted on these rows."""
        key = self._key(encoder, fit_on, None)
        found = self._encoders.get(key)
        if found is None:
            found = encoder.fit(fit_on)
            self._encoders.put(key, found)
        return found

    def encode(self, encoder: Encoder, fit_on: Dataset, data: Dataset) -> Array:
        """Read-only float32 features (n, d) of ``data`` by the encoder fitted on ``fit_on``."""
        key = self._key(encoder, fit_on, data)
        features = self._arrays.get(key)
        if features is None and self._files is not None:
            features = self._files.load(key)
        if features is None:
            features = self._compute(key, encoder, fit_on, data)
        self._arrays.put(key, features)
        return features

    def footprint(self, encoder: Encoder, fit_on: Dataset, row: Dataset) -> Footprint:
        """What the encoder fitted on ``fit_on`` takes; measured once on this machine, with one row that it can take."""
        key = self._key(encoder, fit_on, None)
        found = self._arrays.get(key)
        if found is None and self._files is not None:
            found = self._files.load(key)
        if found is None or found.shape != (3,):
            fitted = self.fitted(encoder, fit_on)
            size = fitted.learned()
            found = np.array([size.parameters, size.bytes, seconds_of(lambda: fitted.transform(row))])
            if self._files is not None:
                self._files.store(key, found)
        self._arrays.put(key, found)
        return Footprint(int(found[0]), int(found[1]), float(found[2]))

    def prune(self, max_bytes: int) -> None:
        """Delete the files used longest ago until the rest fits, and what killed writers left a day ago."""
        if self._files is not None:
            self._files.prune(max_bytes)

    def _compute(self, key: str, encoder: Encoder, fit_on: Dataset, data: Dataset) -> Array:
        start = time.perf_counter()
        features = np.ascontiguousarray(self.fitted(encoder, fit_on).transform(data), dtype=np.float32)
        seconds = time.perf_counter() - start
        if features.ndim != 2 or len(features) != len(data):
            rule = f"transform returns shape ({len(data)}, d) for {len(data)} rows, not {features.shape}"
            raise PluginError(f"the encoder {encoder.name} breaks the contract: {rule}")
        # Below 20 ms a file saves nothing: writing and mapping it costs as much. Features that depend on no fold are
        # kept however fast they were, because every fold, trial and later run on these rows asks for them again.
        if self._files is not None and features.size and (seconds > _SLOW_SECONDS or not encoder.learns):
            self._files.store(key, features)
        features = features.view()
        features.flags.writeable = False
        return features

    def _key(self, encoder: Encoder, fit_on: Dataset, data: Dataset | None) -> str:
        parts = [
            encoder.name,
            encoder.version,
            to_json(encoder),
            self._fingerprint(fit_on) if encoder.learns else "",
            "" if data is None else self._fingerprint(data),
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def _fingerprint(self, data: Dataset) -> str:
        """The content's digest; for image files, whose content is not in the data set, sizes and times beside it."""
        if data.modality is not Modality.IMAGE or np.asarray(data.inputs).dtype != object:
            return data.digest
        if data not in self._fingerprints:
            stamps = "\n".join([data.digest, *(_stamp(Path(path)) for path in np.asarray(data.inputs).tolist())])
            self._fingerprints[data] = hashlib.sha256(stamps.encode("utf-8", "surrogatepass")).hexdigest()
        return self._fingerprints[data]


def _stamp(path: Path) -> str:
    """Where a file is and when it was changed; a missing file is left to the encoder, which names it."""
    try:
        status = path.stat()
    except OSError:
        return str(path)
    return f"{path.absolute()}:{status.st_size}:{status.st_mtime_ns}"
