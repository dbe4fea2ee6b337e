"""Folders of images: ``name/CLASS/*.jpg``; ``name/unlabeled/`` and files beside the classes have no label."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from autotransfer.data import Array, Modality
from autotransfer.errors import InputError
from autotransfer.problem import RawData, ReadOptions
from autotransfer.readers.images import describe_bad, is_folder, is_image, unreadable

UNLABELED = "unlabeled"


def read(uri: str, options: ReadOptions) -> RawData | None:
    """The images below a folder. Raises ``InputError`` when there are none that can be read."""
    folder = Path(uri).expanduser()
    return read_folder(uri, folder) if is_folder(folder) else None


def read_folder(uri: str, folder: Path, name: str | None = None) -> RawData:
    """Rows in the order of class name, then file name."""
    root = _root(folder)
    files = _images(root)
    title = name or folder.resolve().name
    if not files:
        raise InputError(
            f"{uri}: no images in class folders; arrange them as {title}/CLASS/image.jpg{_deep(uri, root)}"
        )
    failed = dict(zip(files, unreadable(files), strict=True))
    kept = [path for path in files if not failed[path]]
    skipped = [path for path in files if failed[path]]
    note = describe_bad(title, skipped, len(files))
    if not kept:
        raise InputError(f"{note}; none is left, give readable images")
    labels: Array = np.array([_label(root, path) for path in kept], dtype=object)
    return RawData(
        title,
        Modality.IMAGE,
        np.array([str(path.resolve()) for path in kept], dtype=object),
        labels if any(label is not None for label in labels) else None,
        notes=(note,) if skipped else (),
    )


def _root(folder: Path) -> Path:
    """A folder that holds one folder alone, which holds the classes, stands for the inner one."""
    while not _images(folder):
        inner = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "__MACOSX"))]
        if len(inner) != 1:
            break
        folder = inner[0]
    return folder


def _images(root: Path) -> list[Path]:
    folders = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    return [path for folder in (*folders, root) for path in sorted(folder.iterdir()) if is_image(path)]


def _label(root: Path, path: Path) -> str | None:
    return None if path.parent == root or path.parent.name == UNLABELED else path.parent.name


def _deep(uri: str, root: Path) -> str:
    inner = (path for path in sorted(root.glob("*/*")) if path.is_dir() and any(map(is_image, path.iterdir())))
    deeper = next(inner, None)
    return "" if deeper is None else f", or name an inner folder such as {uri.rstrip('/')}/{deeper.parent.name}"
