"""Memory of a process and its descendants."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from benchmarks.memory import peak_of_tree, tree

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
MIB = 2**20
HOG = f"x = b'x' * (100 * {MIB})"


def test_peak_covers_what_the_process_held():
    """The peak of a process that fills 100 MiB is at least that."""
    with subprocess.Popen([sys.executable, "-c", HOG], text=True) as process:
        peak = peak_of_tree(process)
    assert peak >= 100 * MIB


def test_tree_follows_descendants_into_other_sessions():
    """A child that leads its own session belongs to the tree; a stranger does not."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True) as child:
        try:
            assert {os.getpid(), child.pid} <= set(tree(os.getpid()))
            assert os.getpid() not in tree(child.pid)
        finally:
            child.kill()
