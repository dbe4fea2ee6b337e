"""The process that workers are forked from: it has imported the heavy modules and holds the bench, and runs nothing.

It has one thread and has never used OpenMP, BLAS or CUDA, which makes forking it safe, unlike forking the user's
process. Workers share its memory until they write to it.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import os
import pickle
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any, NoReturn

import threadpoolctl

from autotransfer.executors.failure import one_line
from autotransfer.executors.worker import serve

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
PARENT_POLL = 1.0
"""Seconds between two looks at whether the parent lives, for when a fork of it keeps the connection open."""


def main(descriptor: int, parent: int) -> None:
    """Load what the parent sends over the socket ``descriptor``, then fork workers for it until it is gone."""
    control = Connection(descriptor)
    try:
        preload, threads = control.recv()
        body = control.recv_bytes()
        buffers = [control.recv_bytes() for _ in range(control.recv())]
    except EOFError:
        return
    try:
        for module in preload:
            importlib.import_module(module)
        # The buffers are bytes, so that the arrays on top of them are read-only: no job can spoil the next one's data.
        work, bench = pickle.loads(body, buffers=buffers)  # noqa: S301 - from the parent process
    except Exception as failure:
        control.send(("failed", one_line(failure)))
        return
    gc.freeze()  # else the collector of each worker would touch, and so copy, every shared page
    with suppress(BrokenPipeError):
        control.send(("ready", os.getpid()))
        Template(control, parent, threads).run(work, bench)


class Template:
    """Forks, kills and buries workers on request.

    :param control: receives ``"fork"`` (followed by the worker's socket) and ``("kill", pid)``; sends
        ``("started", pid)`` and ``("exit", (pid, code))``.
    :param threads: that each worker may use.
    """

    def __init__(self, control: Connection, parent: int, threads: int) -> None:
        self._control = control
        self._parent = parent
        self._pid = os.getpid()
        self._threads = threads
        self._children: set[int] = set()
        self._wake, self._alarm = os.pipe()

    def run(self, work: Callable[[Any, Any], Any], bench: object) -> None:
        """Serve until the parent is gone, then kill every worker."""
        for end in (self._wake, self._alarm):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._alarm)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            while os.getppid() == self._parent:
                ready = wait([self._control, self._wake], PARENT_POLL)
                if self._wake in ready:
                    os.read(self._wake, 4096)
                    self._bury()
                if self._control in ready:
                    self._obey(self._control.recv(), work, bench)
        except (EOFError, ConnectionError):
            return
        finally:
            self._end()

    def _obey(self, request: Any, work: Callable[[Any, Any], Any], bench: object) -> None:
        if request == "fork":
            descriptor = receive_descriptor(self._control)
            pid = os.fork()
            if pid == 0:
                self._become_worker(descriptor, work, bench)
            os.close(descriptor)
            with suppress(PermissionError, ProcessLookupError):  # it was faster, or is dead already
                os.setpgid(pid, pid)
            self._children.add(pid)
            self._control.send(("started", pid))
        elif request[1] in self._children:
            kill_group(request[1])

    def _become_worker(self, descriptor: int, work: Callable[[Any, Any], Any], bench: object) -> NoReturn:
        code = 1
        try:
            os.setpgid(0, 0)  # what a job starts is in this group and dies with it
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
            for inherited in (self._wake, self._alarm):
                os.close(inherited)
            self._control.close()
            die_with(self._pid)
            use_threads(self._threads)
            serve(Connection(descriptor), work, bench)
            code = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)

    def _bury(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._children.discard(pid)
            kill_group(pid)  # what the worker has left running
            self._control.send(("exit", (pid, os.waitstatus_to_exitcode(status))))

    def _end(self) -> None:
        for pid in self._children:
            kill_group(pid)
        for pid in self._children:
            os.waitpid(pid, 0)


def kill_group(pid: int) -> None:
    """Kill the process group ``pid``, if it still exists."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def die_with(parent: int) -> None:
    """Have the kernel kill this process when ``parent`` dies, however it dies. Linux only."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None, use_errno=True).prctl(set_death_signal, int(signal.SIGKILL))
        if os.getppid() != parent:
            os._exit(1)


def use_threads(threads: int) -> None:
    """Give numerical libraries, loaded or not, this many threads."""
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, str(threads)))
    if threads > 1:  # the template's own limit is one
        threadpoolctl.threadpool_limits(threads)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(threads)


def send_descriptor(connection: Connection, descriptor: int) -> None:
    """Pass an open file to the process on the other side."""
    with socket.socket(fileno=os.dup(connection.fileno())) as sender:
        sender.setblocking(True)  # whatever socket.setdefaulttimeout says
        socket.send_fds(sender, [b"f"], [descriptor])


def receive_descriptor(connection: Connection) -> int:
    """The file that :func:`send_descriptor` passed. Raises ``EOFError`` when the other side is gone."""
    with socket.socket(fileno=os.dup(connection.fileno())) as receiver:
        receiver.setblocking(True)
        _, descriptors, _, _ = socket.recv_fds(receiver, 1, 1)
    if not descriptors:
        raise EOFError
    return descriptors[0]
