"""Zipped folders of images, with captions or without: ``FILE.zip``, or ``FILE.zip/INNER/FOLDER`` for a part of one."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import zlib
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from autotransfer.errors import InputError
from autotransfer.problem import RawData, ReadOptions
from autotransfer.readers.archive import check_archive
from autotransfer.readers.files import existing_file, stem
from autotransfer.readers.image_folder import read_folder
from autotransfer.readers.image_pairs import CAPTIONS, read_pairs
from autotransfer.readers.images import is_image
from autotransfer.readers.user_cache import user_cache


def read(uri: str, options: ReadOptions) -> RawData | None:
    """The images of an archive, unpacked once per content. Raises ``InputError`` for hostile or damaged archives."""
    match = re.fullmatch(r"(.+?\.zip)(?:/(.*))?", uri, re.IGNORECASE | re.DOTALL)
    if match is None or Path(match[1]).expanduser().is_dir():
        return None
    archive = existing_file(match[1])
    inner = PurePosixPath(match[2] or "")
    folder = unpack(match[1], archive)
    chosen = folder / inner
    if ".." in inner.parts or not chosen.is_dir():
        known = ", ".join(sorted(path.name for path in folder.iterdir() if path.is_dir())[:8])
        raise InputError(f"{uri}: the archive has no folder {str(inner)!r} with images; it has {known}")
    title, pairs = inner.name or stem(archive), _with_captions(chosen)
    return read_folder(uri, chosen, title) if pairs is None else read_pairs(uri, pairs, title)


def _with_captions(folder: Path) -> Path | None:
    """The folder that holds captions: this one, or the only one in it, as zipping a folder makes it."""
    inner = [path for path in folder.iterdir() if path.is_dir()]
    places = [folder, *(inner if len(inner) == 1 else [])]
    return next((place for place in places if (place / CAPTIONS).is_file()), None)


def unpack(uri: str, archive: Path) -> Path:
    """The folder with the archive's images, named by the archive's SHA-256 and complete whenever it exists."""
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    folder = user_cache() / "zips" / digest
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f"{digest[:8]}-", dir=folder.parent))
    try:
        _extract(uri, archive, partial)
        try:
            partial.rename(folder)
        except OSError:
            if not folder.is_dir():  # otherwise another process was faster
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _extract(uri: str, archive: Path, folder: Path) -> None:
    try:
        with ZipFile(archive) as packed:
            entries = packed.infolist()
            check_archive(uri, entries)
            for entry in entries:
                if _wanted(entry):
                    _extract_one(packed, entry, folder)
    except (BadZipFile, EOFError, NotImplementedError, zlib.error) as error:
        raise InputError(f"{uri}: not an intact zip archive ({error}); make it again") from error
    except OSError as error:  # an entry below a file, a name that is too long, a full disk
        raise InputError(
            f"{uri}: cannot be unpacked below {folder.parent} ({error.strerror}); unpack it yourself"
        ) from error


def _wanted(entry: ZipInfo) -> bool:
    path = Path(entry.filename)
    return (is_image(path) or path.name == CAPTIONS) and not entry.is_dir() and "__MACOSX" not in entry.filename


def _extract_one(packed: ZipFile, entry: ZipInfo, folder: Path) -> None:
    place = folder / entry.filename
    place.parent.mkdir(parents=True, exist_ok=True)
    with packed.open(entry) as content, place.open("wb") as file:
        shutil.copyfileobj(content, file)
