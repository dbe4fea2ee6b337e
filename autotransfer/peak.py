"""The most memory that this process held during a piece of work."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, final

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_RESET = "5"
"""Sets the peak of the resident set to what it is now (proc(5), since Linux 4.0)."""


@final
class PeakMemory:
    """A context whose ``bytes`` say, once it is left, how far the resident set rose above where it began.

    Memory that is freed is handed out again, so what a process has used before may hide small needs. None where the
    system does not tell: anywhere but on Linux.
    """

    bytes: int | None = None

    def __enter__(self) -> Self:
        with suppress(OSError):
            _CLEAR.write_text(_RESET, encoding="ascii")
        self._began = _status("VmRSS:")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        peak = _status("VmHWM:")
        if peak is not None and self._began is not None:
            self.bytes = max(0, peak - self._began)


def _status(key: str) -> int | None:
    """Bytes of one line of the process's status."""
    with suppress(OSError, ValueError, IndexError):
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(key):
                return int(line.split()[1]) * 1024
    return None
