"""Starting a template process, and talking to it."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from autotransfer.errors import AutoTransferError, InputError
from autotransfer.executors.template import THREAD_VARIABLES, send_descriptor

_START = "import sys; sys.path[:] = {path!r}; from autotransfer.executors.template import main; main({fd}, {parent})"
_GRACE = 2.0
"""Seconds that a template has to kill and bury its workers before it is killed itself."""


@dataclass(frozen=True)
class Kit:
    """What a template is started with.

    :param content: ``(work, bench)``.
    :param preload: modules to import before the first worker is forked.
    :param threads: that each worker may use.
    """

    content: tuple[object, object]
    preload: Sequence[str]
    threads: int

    def send(self, control: Connection) -> None:
        """Large arrays go as they lie in memory, without a pickled copy."""
        import cloudpickle

        buffers: list[pickle.PickleBuffer] = []
        body = cloudpickle.dumps(self.content, protocol=5, buffer_callback=buffers.append)
        control.send((tuple(self.preload), self.threads))
        control.send_bytes(body)
        control.send(len(buffers))
        for buffer in buffers:
            control.send_bytes(buffer.raw())


class TemplateHandle:
    """A running template. Everything raises ``EOFError`` or ``OSError`` once it is gone."""

    def __init__(self, kit: Kit) -> None:
        self._ready = False
        self._exits: list[tuple[int, int]] = []
        self.control, theirs = Pipe()
        path = [str(entry) or os.getcwd() for entry in sys.path]  # noqa: PTH109
        command = _START.format(path=path, fd=theirs.fileno(), parent=os.getpid())
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, with our own code
            [sys.executable, "-c", command],
            stdin=subprocess.DEVNULL,
            stdout=2,  # the parent's standard output is for its own results
            env={**os.environ, **dict.fromkeys(THREAD_VARIABLES, "1"), "PYTORCH_NVML_BASED_CUDA_CHECK": "1"},
            pass_fds=(theirs.fileno(),),
            start_new_session=True,  # Ctrl-C goes to the parent alone
        )
        theirs.close()
        try:
            kit.send(self.control)
        except BaseException:
            self.close()
            raise

    def fork(self) -> tuple[int, Connection]:
        """A new worker: its process id and the connection to it."""
        self._await_ready()
        ours, theirs = Pipe()
        try:
            self.control.send("fork")
            send_descriptor(self.control, theirs.fileno())
            while True:
                kind, value = self.control.recv()
                if kind == "started":
                    return value, ours
                self._exits.append(value)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()

    def kill(self, pid: int) -> None:
        """Kill a worker and all that it started."""
        self.control.send(("kill", pid))

    def exits(self) -> list[tuple[int, int]]:
        """Workers that have ended since the last call: (process id, exit code or minus the signal's number)."""
        while self._ready and self.control.poll():
            self._exits.append(self.control.recv()[1])
        ended, self._exits = self._exits, []
        return ended

    def close(self) -> None:
        """End the template and all of its workers."""
        self.control.close()
        if not self._ready:
            self._process.kill()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _await_ready(self) -> None:
        if self._ready:
            return
        kind, value = self.control.recv()
        if kind == "failed":
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE)
            raise InputError(f"worker processes cannot load this run ({value}): use --workers 0")
        self._ready = True


def start(kit: Kit) -> TemplateHandle:
    """A template for this kit. Raises ``AutoTransferError`` when Python cannot be started again."""
    if not sys.executable:
        raise AutoTransferError("worker processes need a Python program (sys.executable is empty): use --workers 0")
    try:
        return TemplateHandle(kit)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise AutoTransferError("worker processes cannot start, see above for why: use --workers 0") from error
