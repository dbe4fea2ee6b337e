"""Compile the kernels once for a machine, with ``torch.utils.cpp_extension``, and keep the result in the user's cache.

A folder of the cache is named by all that its content depends on. A build works under a lock that the system lets go of
when its process dies, and counts only when a mark has been written after the library was loaded: neither a second
process at the same moment nor a kill leaves something half made in use.
"""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autotransfer.errors import AutoTransferError
from autotransfer.kernels.sources import RECIPES, Recipe
from autotransfer.readers.user_cache import user_cache

_LAST_LINES = 12
_MARK = "complete"
_FAILURE = "failed.txt"


class BuildError(AutoTransferError):
    """The kernels cannot be compiled here; the message ends with the compiler's last lines."""


def cached(device: str) -> Path | None:
    """The library that an earlier build left for this device; None if there is none.

    Without a compiler, which may have been taken away since, the build of any compiler serves.
    """
    recipe = RECIPES[device]
    compiler = recipe.compiler()
    folders = [_folder(recipe, compiler)] if compiler else sorted(root().glob(f"{_stem(recipe)}-*"))
    return next((_library(folder) for folder in folders if (folder / _MARK).is_file()), None)


def failure(device: str) -> str | None:
    """The last lines of a build that failed, with these sources and this compiler; None if none did."""
    recipe = RECIPES[device]
    try:
        return (_folder(recipe, recipe.compiler()) / _FAILURE).read_text(encoding="utf-8")
    except OSError:
        return None


def build(device: str = "cpu", *, afresh: bool = False) -> Path:
    """Compile the kernels for ``device`` (``cpu`` or ``cuda``) and load them into this process: seconds to a minute.

    Where they have been built before, they are only found. Of several processes at once, one builds, the others wait.

    :param afresh: build again, and load the result in later processes.
    :return: the library's path. Raises :class:`BuildError`.
    """
    recipe = RECIPES[device]
    compiler = _checked(recipe)
    folder = _folder(recipe, compiler)
    with _alone(folder):
        if afresh or not (folder / _MARK).is_file():
            _compile(recipe, folder)
    return _library(folder)


def _checked(recipe: Recipe) -> str:
    """The compiler's fingerprint. Raises ``BuildError`` for what can be known without starting it."""
    import torch

    if recipe.device == "cuda" and torch.version.cuda is None:
        raise BuildError("the kernels for cuda need a PyTorch that was built with CUDA: install one from pytorch.org")
    compiler = recipe.compiler()
    if compiler is None:
        need = " and ".join(recipe.compilers)
        raise BuildError(f"the kernels for {recipe.device} need {need}, and one is not found: install it or set CXX")
    return compiler


def _compile(recipe: Recipe, folder: Path) -> None:
    """Into an empty folder; the mark comes last."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        _run_ninja(recipe, folder)
    except (RuntimeError, OSError) as error:
        lines = "\n".join(str(error).strip().splitlines()[-_LAST_LINES:])
        (folder / _FAILURE).write_text(lines, encoding="utf-8")
        raise BuildError(
            f"the kernels for {recipe.device} were not built; the compiler's last lines:\n{lines}"
        ) from None
    (folder / _MARK).touch()


def _run_ninja(recipe: Recipe, folder: Path) -> None:
    from torch.utils import cpp_extension

    with _ninja_on_path(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about compilers that PyTorch has not been tried with
        cpp_extension.load(
            name=_name(recipe),
            sources=[str(path) for path in recipe.sources()],
            extra_cflags=list(recipe.cflags),
            extra_cuda_cflags=list(recipe.cuda_cflags),
            extra_ldflags=list(recipe.ldflags),
            build_directory=str(folder),
            is_python_module=False,
        )


@contextmanager
def _ninja_on_path() -> Iterator[None]:
    """The package ninja puts its program beside Python's, which need not be on the path."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([before, str(Path(sys.executable).parent)])
    try:
        yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time. The lock ends with the process, however that ends."""
    import fcntl

    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def root() -> Path:
    """The folder of all builds."""
    return user_cache() / "kernels"


def _stem(recipe: Recipe) -> str:
    import torch

    return f"{recipe.device}-{recipe.content(torch.__version__)}"


def _folder(recipe: Recipe, compiler: str | None) -> Path:
    return root() / f"{_stem(recipe)}-{compiler}"


def _name(recipe: Recipe) -> str:
    return f"autotransfer_{recipe.device}"


def _library(folder: Path) -> Path:
    return next(folder.glob("autotransfer_*.so"))
