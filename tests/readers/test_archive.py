"""What archives may hold."""

from __future__ import annotations

from zipfile import ZipInfo

import pytest

from autotransfer.errors import InputError
from autotransfer.readers.archive import check_archive


def entry(name: str = "a/b.png", size: int = 100, packed: int = 90, mode: int = 0o100644, flags: int = 0) -> ZipInfo:
    info = ZipInfo("x")
    info.filename, info.file_size, info.compress_size = name, size, packed
    info.external_attr, info.flag_bits = mode << 16, flags
    return info


def test_honest_entries_pass():
    check_archive("f.zip", [entry(), entry("c/d..png", 10**9, 10**8)])


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (entry("../x.png"), "entry '../x.png' points outside its folder; refused"),
        (entry("a/../../x.png"), "points outside its folder"),
        (entry("/etc/x.png"), "points outside its folder"),
        (entry("..\\x.png"), "points outside its folder"),
        (entry("C:/x.png"), "points outside its folder"),
        (entry(mode=0o120777), "entry 'a/b.png' is a symbolic link; refused"),
        (entry(flags=1), "entry 'a/b.png' needs a password"),
        (entry(size=10**9, packed=10**6), "refused as a zip bomb, 1000090 bytes unpack to 1000000100"),
        (entry(size=2**40, packed=2**39), "refused as a zip bomb"),
    ],
    ids=["up", "up-later", "absolute", "backslash", "drive", "link", "locked", "ratio", "size"],
)
def test_hostile_entries_are_refused(bad, message):
    with pytest.raises(InputError) as caught:
        check_archive("f.zip", [entry(), bad])
    assert message in str(caught.value)


def test_too_many_entries():
    with pytest.raises(InputError, match=r"f\.zip: 500001 entries, the limit is 500000"):
        check_archive("f.zip", [entry()] * 500_001)
