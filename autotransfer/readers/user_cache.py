"""The folder for files that can be made again."""

from __future__ import annotations

import os
from pathlib import Path


def user_cache() -> Path:
    """``AUTOTRANSFER_CACHE`` if set, else ``autotransfer`` under ``XDG_CACHE_HOME`` or ``~/.cache``."""
    chosen = os.environ.get("AUTOTRANSFER_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autotransfer"
