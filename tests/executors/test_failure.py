"""Errors in one line."""

from __future__ import annotations

import signal

import pytest

from autotransfer.executors.failure import LONGEST, death, one_line, ran_out_of_memory


class MuteError(Exception):
    """Its message cannot be had."""

    def __str__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("first\n  second\tthird"), "ValueError: first second third"),
        (ValueError(), "ValueError"),
        (SystemExit(3), "SystemExit: 3"),
        (MuteError(), "MuteError: its message cannot be shown"),
    ],
)
def test_one_line(error, line):
    """The type, a colon, and the words of the message with single blanks between them."""
    assert one_line(error) == line


def test_one_line_is_short():
    """A message of a megabyte is cut."""
    assert len(one_line(ValueError("x" * 2**20))) == LONGEST


def test_death_names_the_signal_or_the_code():
    """Negative codes are signals; SIGKILL from outside is most likely the kernel's answer to exhausted memory."""
    assert death(7) == "worker died: exit code 7"
    assert death(-signal.SIGSEGV) == "worker died: signal SIGSEGV"
    assert death(-signal.SIGKILL) == "worker died: signal SIGKILL (perhaps the machine ran out of memory)"
    assert death(-signal.SIGABRT, 2**20) == "worker died: signal SIGABRT (perhaps it used more than 1 MiB)"
    assert death(-200) == "worker died: signal 200"


def test_failed_allocations_are_recognised_through_chains():
    """A MemoryError counts wherever it stands in the chain; the words of C++ allocators count too."""
    wrapped = ValueError("outer")
    wrapped.__cause__ = MemoryError()
    assert ran_out_of_memory(wrapped)
    assert ran_out_of_memory(RuntimeError("DefaultCPUAllocator: can't allocate memory"))
    assert not ran_out_of_memory(RuntimeError("something else"))
    loop = ValueError("loop")
    loop.__context__ = KeyError("other")
    loop.__context__.__context__ = loop
    assert not ran_out_of_memory(loop)
