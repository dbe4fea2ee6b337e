"""The rise of the resident set, beside arrays of known size."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from autotransfer import peak
from autotransfer.peak import PeakMemory

MEGABYTE = 2**20


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of a process")
def test_an_array_that_is_gone_again_counts():
    """64 MiB are touched and freed: the rise is that, give or take what the allocator keeps; the next context starts
    anew."""
    with PeakMemory() as large:
        touched = np.ones(64 * MEGABYTE, np.uint8)
        del touched
    assert large.bytes is not None
    assert 60 * MEGABYTE < large.bytes < 80 * MEGABYTE
    with PeakMemory() as small:
        pass
    assert small.bytes is not None
    assert small.bytes < 8 * MEGABYTE


def test_where_the_system_does_not_tell(monkeypatch, tmp_path):
    monkeypatch.setattr(peak, "_STATUS", tmp_path / "status")
    monkeypatch.setattr(peak, "_CLEAR", tmp_path / "none" / "clear")
    with PeakMemory() as unknown:
        pass
    assert unknown.bytes is None


def test_an_error_inside_goes_on_and_is_measured():
    with pytest.raises(ValueError, match="inside"), PeakMemory() as measured:
        raise ValueError("inside")
    assert sys.platform != "linux" or measured.bytes is not None
