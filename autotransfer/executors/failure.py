"""Why a job failed, in one line."""

from __future__ import annotations

import signal

LONGEST = 500
"""Characters of an error message that are kept."""


def one_line(error: BaseException) -> str:
    """``Type: message`` with all white space runs as one blank; ``Type`` alone when there is no message."""
    try:
        words = " ".join(str(error).split())
    except Exception:  # a broken __str__ is the job's fault too, and must not hide the job's error
        words = "its message cannot be shown"
    name = type(error).__name__
    return f"{name}: {words}"[:LONGEST] if words else name


def too_large(memory: int) -> str:
    """The words for a job that met its memory limit (bytes)."""
    return f"used more than {memory / 2**20:.0f} MiB"


def too_slow(seconds: float) -> str:
    """The words for a job that met its time limit."""
    return f"took longer than {seconds:g} s"


def death(code: int, memory: int | None = None) -> str:
    """The words for a worker that ended by itself: ``code`` is its exit code, or minus the signal's number."""
    if code >= 0:
        return f"worker died: exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    if memory is not None:
        return f"worker died: signal {name} (perhaps it {too_large(memory)})"
    hint = " (perhaps the machine ran out of memory)" if -code == signal.SIGKILL else ""
    return f"worker died: signal {name}{hint}"


def ran_out_of_memory(error: BaseException | None) -> bool:
    """Whether an allocation failed: a ``MemoryError`` anywhere in the chain, or the words of a C++ allocator."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, MemoryError):
            return True
        if isinstance(error, RuntimeError) and any(sign in str(error) for sign in ("bad_alloc", "can't allocate")):
            return True
        error = error.__cause__ or error.__context__
    return False
