"""Which implementation the operators use on each device, and why."""

from __future__ import annotations

import ctypes
import os
import threading
import warnings
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path

import torch

from autotransfer.errors import InputError
from autotransfer.kernels import building
from autotransfer.kernels.library import OP_MODULES, SCHEMAS, qualified
from autotransfer.kernels.sources import RECIPES

VARIABLE = "AUTOTRANSFER_KERNELS"
COMPILED, REFERENCE = "compiled", "reference"

_lock = threading.RLock()
_prepared: dict[tuple[str, str], str] = {}
"""Device and mode -> why the operators of that device run as they do."""


class Mode(StrEnum):
    """What ``AUTOTRANSFER_KERNELS`` may say."""

    AUTO = "auto"
    OFF = "off"
    REQUIRE = "require"


@dataclass(frozen=True)
class Backend:
    """What one operator uses on one device.

    :param backend: ``compiled`` or ``reference``. :param why: one line.
    """

    op: str
    device: str
    backend: str
    why: str


def mode() -> Mode:
    """The setting. Raises ``InputError`` for a word that is none."""
    given = os.environ.get(VARIABLE) or Mode.AUTO
    try:
        return Mode(given)
    except ValueError:
        raise InputError(f"{VARIABLE}={given}: it must be one of {', '.join(Mode)}") from None


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def prepare(device: str) -> str:
    """Load the compiled kernels of a device, if the setting and the cache allow it; why they run as they do.

    Every public function calls this first; after the first time it costs nothing. Under ``require`` it builds what is
    not there, and raises ``BuildError`` where that fails. Under ``auto`` it never starts a compiler: a run that should
    take 20 seconds would otherwise spend 30 on it. What cannot be loaded is said once, as a warning.

    :param device: ``cpu``, ``cuda`` or any other type of device, which have the reference alone.
    """
    setting = mode()
    key = (device, str(setting))
    if key not in _prepared:
        with _lock:
            if key not in _prepared:
                _prepared[key] = _load(device, setting)
    return _prepared[key]


def _load(device: str, setting: Mode) -> str:
    for module in OP_MODULES:
        import_module(module)
    if setting is Mode.OFF:
        return f"{VARIABLE}=off"
    if device not in RECIPES:
        return f"there are no kernels for {device}"
    if setting is Mode.REQUIRE:
        _open(building.build(device))
        return f"{VARIABLE}=require"
    library = building.cached(device)
    if library is None:
        return _without_build(device)
    try:
        _open(library)
    except OSError as error:
        _warn(f"the compiled kernels for {device} cannot be loaded ({error}): run  autotransfer kernels build --afresh")
        return "the build in the cache cannot be loaded: run  autotransfer kernels build --afresh"
    return f"built: {library}"


def use_build(device: str) -> None:
    """Load the build in the cache, whatever the setting says. Raises ``BuildError`` where there is none."""
    prepare(device)
    _open(building.build(device))


def isa() -> str | None:
    """The instruction set that the compiled kernels for the CPU choose here; None without a build."""
    library = building.cached("cpu")
    if library is None:
        return None
    function = ctypes.CDLL(str(library)).autotransfer_isa
    function.restype = ctypes.c_char_p
    name: bytes = function()
    return name.decode()


def _open(library: Path) -> None:
    from autotransfer.kernels.lora import tails
    from autotransfer.kernels.mmd import tiles

    torch.ops.load_library(str(library))  # type: ignore[no-untyped-call]
    for module in (tails, tiles):
        module.compose_on("cuda")  # PyTorch multiplies there, and the library has the rest


def _without_build(device: str) -> str:
    lines = building.failure(device)
    if lines is None:
        return "not built: run  autotransfer kernels build"
    _warn(f"the kernels for {device} were not built, so the reference in PyTorch runs; the compiler said:\n{lines}")
    return "the last build failed: see  autotransfer kernels build"


def _warn(message: str) -> None:
    warnings.warn(message, RuntimeWarning, stacklevel=2)


def describe() -> list[Backend]:
    """Every operator on the CPU, and on CUDA where PyTorch has it."""
    devices = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    return [_backend(op, device, prepare(device)) for device in devices for op in SCHEMAS]


def _backend(op: str, device: str, why: str) -> Backend:
    compiled = torch._C._dispatch_has_kernel_for_dispatch_key(qualified(op), device.upper())
    if not compiled and why.startswith("built"):
        why = f"this operator has no kernel for {device}"
    return Backend(op, device, COMPILED if compiled else REFERENCE, why)
