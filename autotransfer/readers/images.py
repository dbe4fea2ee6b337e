"""Which files are images, and which of them can be decoded."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp")
NAMED = 5


def is_image(path: Path) -> bool:
    """Whether the name is that of an image; hidden files (``._x.jpg``) are not."""
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def is_folder(path: Path) -> bool:
    """Whether there is a folder of that name, however odd the name."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def unreadable(paths: Sequence[Path]) -> list[bool]:
    """For each file, whether decoding fails (empty, cut off, not an image, or too large to be one)."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with ThreadPoolExecutor() as pool:
            return list(pool.map(_fails, paths, chunksize=64))


def describe_bad(name: str, bad: Sequence[Path], total: int) -> str:
    """One line that counts the files and names the first of them."""
    shown = ", ".join(f"{path.parent.name}/{path.name}" for path in bad[:NAMED])
    more = f" and {len(bad) - NAMED} others" if len(bad) > NAMED else ""
    return f"{name}: {len(bad)} of {total} images are corrupt or empty and were skipped: {shown}{more}"


def _fails(path: Path) -> bool:
    from PIL import Image

    try:
        with Image.open(path) as image:
            image.draft("RGB", (1, 1))  # JPEG: every byte is read, few pixels are made
            image.load()
    except Exception:  # decoders raise whatever they like on damaged files; the answer is the same
        return True
    return False
