"""What a zip archive must keep to before anything of it is unpacked."""

from __future__ import annotations

import re
import stat
from pathlib import PurePosixPath
from zipfile import ZipInfo

from autotransfer.errors import InputError

MAX_ENTRIES = 500_000
MAX_BYTES = 16 * 2**30
FREE_BYTES = 32 * 2**20
MAX_RATIO = 200


def check_archive(uri: str, entries: list[ZipInfo]) -> None:
    """Raises ``InputError`` for names that leave the folder, links, locked entries, and sizes of a zip bomb.

    Deflate packs at most about 1:1000; data that are worth learning from stay far below ``MAX_RATIO``.
    """
    if len(entries) > MAX_ENTRIES:
        raise InputError(f"{uri}: {len(entries)} entries, the limit is {MAX_ENTRIES}; unpack it yourself")
    for entry in entries:
        _check_entry(uri, entry)
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if size > MAX_BYTES or (size > FREE_BYTES and size > MAX_RATIO * packed):
        raise InputError(
            f"{uri}: refused as a zip bomb, {packed} bytes unpack to {size}; unpack it yourself if you trust it"
        )


def _check_entry(uri: str, entry: ZipInfo) -> None:
    path = PurePosixPath(entry.filename)
    outside = path.is_absolute() or ".." in path.parts or "\\" in entry.filename or re.match("[A-Za-z]:", str(path))
    if outside:
        raise InputError(f"{uri}: entry {entry.filename!r} points outside its folder; refused, make a clean zip")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise InputError(f"{uri}: entry {entry.filename!r} is a symbolic link; refused, zip the files themselves")
    if entry.flag_bits & 1:
        raise InputError(f"{uri}: entry {entry.filename!r} needs a password; zip without one")
