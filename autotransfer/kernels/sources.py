"""What is compiled, with what, and the name under which the result is kept."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CSRC = Path(__file__).parent / "csrc"


@dataclass(frozen=True)
class Recipe:
    """How the library of one device is compiled.

    :param device: ``cpu`` or ``cuda``. :param suffixes: of the files in ``csrc/<device>`` that are compiled.
    :param cflags: for the C++ compiler. Nothing here may assume away NaN or infinity, as -ffast-math would.
    :param cuda_cflags: for nvcc. :param ldflags: for the linker.
    :param compilers: what is run, first the one that must be there.
    """

    device: str
    suffixes: tuple[str, ...]
    compilers: tuple[str, ...]
    cflags: tuple[str, ...]
    cuda_cflags: tuple[str, ...] = ()
    ldflags: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where the sources are."""
        return CSRC / self.device

    def sources(self) -> list[Path]:
        """The files to compile, sorted."""
        return sorted(path for path in self.folder.iterdir() if path.suffix in self.suffixes)

    def content(self, torch_version: str) -> str:
        """12 hexadecimal digits of the sources with their headers, the flags, PyTorch, Python and the architecture.

        The instruction set is not among them: kernels for several are in one library, which chooses when it runs.
        """
        digest = hashlib.sha256()
        for path in sorted(path for path in self.folder.iterdir() if path.is_file()):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        machine = (sys.implementation.cache_tag, platform.system(), platform.machine())
        digest.update(repr((self.cflags, self.cuda_cflags, self.ldflags, torch_version, machine)).encode())
        return digest.hexdigest()[:12]

    def compiler(self) -> str | None:
        """12 hexadecimal digits of what the compilers say about themselves; None if one is not there."""
        versions = [_version(command_of(name)) for name in self.compilers]
        if not all(versions):
            return None
        return hashlib.sha256("\0".join(versions).encode()).hexdigest()[:12]


_HARMLESS = ("-fno-math-errno", "-fno-trapping-math")
"""Nobody reads errno or floating point flags here."""

_THREADS = "-fopenmp"
"""Without it ``at::parallel_for`` is a plain loop."""

RECIPES = {
    "cpu": Recipe(
        "cpu",
        (".cpp",),
        ("c++",),
        ("-O3", _THREADS, "-ffp-contract=fast", *_HARMLESS, "-Wall"),
        ldflags=(_THREADS,),
    ),
    "cuda": Recipe("cuda", (".cpp", ".cu"), ("nvcc", "c++"), ("-O3",), ("-O3", "-lineinfo")),
}

_VARIABLES = {"c++": "CXX", "nvcc": "NVCC"}


def command_of(compiler: str) -> str:
    """``c++`` or ``nvcc``, or what the environment variable ``CXX`` or ``NVCC`` puts in its place."""
    return os.environ.get(_VARIABLES[compiler]) or compiler


@cache
def _version(command: str) -> str:
    path = shutil.which(command)
    if path is None:
        return ""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
