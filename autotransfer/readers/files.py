"""Finding the file that a name stands for."""

from __future__ import annotations

import difflib
from pathlib import Path

from autotransfer.errors import InputError


def has_suffix(uri: str, suffixes: tuple[str, ...]) -> bool:
    """Whether ``uri`` ends like a file of one of these kinds, case aside."""
    return uri.lower().endswith(suffixes)


def stem(path: Path) -> str:
    """The file name without its kinds of file: ``books.csv.gz`` is ``books``."""
    name = path.name
    for suffix in (".gz", ".csv", ".tsv", ".parquet", ".npz", ".zip"):
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            name = name[: -len(suffix)]
    return name


def existing_file(uri: str) -> Path:
    """The file's path. Raises ``InputError`` when there is no such file or when it is empty."""
    path = Path(uri).expanduser()
    try:
        if path.is_dir():
            raise InputError(f"{uri}: it is a folder, not a file; name the file inside it")
        if not path.is_file():
            raise InputError(f"{uri}: no such file; {_near(path)}")
        if path.stat().st_size == 0:
            raise InputError(f"{uri}: the file is empty; give a file with data")
    except (OSError, ValueError) as error:
        raise InputError(f"{uri!r}: not a usable file name ({type(error).__name__}); check the path") from error
    return path


def read_bytes(uri: str) -> bytes:
    """The file's content. Raises ``InputError`` when it cannot be read."""
    path = existing_file(uri)
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{uri}: cannot be read ({error.strerror}); check its permissions") from error


def near_names(wanted: str, names: list[str]) -> str:
    """Which names may have been meant, in words."""
    close = difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)
    if close:
        return f"did you mean {' or '.join(repr(name) for name in close)}?"
    shown = ", ".join(repr(name) for name in names[:8])
    return f"there are {shown}{' and others' if len(names) > 8 else ''}"


def _near(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"the folder {folder} does not exist either"
    close = difflib.get_close_matches(path.name, [entry.name for entry in folder.iterdir()], n=2, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else "check the path"
