"""Gzip bombs."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.errors import InputError
from autotransfer.readers.gzipped import FREE_BYTES, gunzip


@given(st.binary(max_size=200))
def test_content_comes_back(content):
    assert gunzip("f.gz", gzip.compress(content)) == content


def test_a_bomb_is_refused():
    """Zeros pack 1:1000; nothing that people learn from does."""
    bomb = gzip.compress(b"0" * (FREE_BYTES + 10**6), compresslevel=9)
    with pytest.raises(InputError, match=r"f\.gz: it unpacks to more than 32 MiB"):
        gunzip("f.gz", bomb)
