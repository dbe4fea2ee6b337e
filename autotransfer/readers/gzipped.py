"""Gzip files, unpacked with an eye on bombs."""

from __future__ import annotations

import gzip
import io
import zlib

from autotransfer.errors import InputError

MAX_BYTES = 4 * 2**30
FREE_BYTES = 32 * 2**20
MAX_RATIO = 200


def gunzip(uri: str, packed: bytes) -> bytes:
    """The unpacked content. Raises ``InputError`` for damaged files and for sizes that no honest table has.

    Text packs to a fifth or so; beyond ``FREE_BYTES`` a file that grows more than ``MAX_RATIO`` times is refused.
    """
    limit = min(MAX_BYTES, max(FREE_BYTES, MAX_RATIO * len(packed)))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
            content = file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{uri}: not an intact gzip file; compress it again with gzip") from error
    if len(content) > limit:
        raise InputError(
            f"{uri}: it unpacks to more than {limit // 2**20} MiB, {len(content) // max(len(packed), 1)} times its "
            "size or more; unpack it yourself if you trust it"
        )
    return content
