"""Builds of a small source: found again, one at a time, whole or not at all, failing with the compiler's words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from autotransfer.kernels import building, sources
from autotransfer.kernels.building import BuildError, build, cached, failure

if sources.RECIPES["cpu"].compiler() is None:
    pytest.skip("no C++ compiler is installed", allow_module_level=True)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source without any header, and a cache of its own."""
    (tmp_path / "csrc/cpu").mkdir(parents=True)
    source = tmp_path / "csrc/cpu/small.cpp"
    source.write_text('extern "C" int small_answer() { return 42; }\n')
    monkeypatch.setattr(sources, "CSRC", tmp_path / "csrc")
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path / "cache"))
    return source


def test_builds_once(small: Path) -> None:
    """The second call finds the first one's library; another source is another build."""
    assert cached("cpu") is None
    library = build()
    assert library.is_file()
    assert cached("cpu") == library
    stamp = library.stat().st_mtime_ns
    assert build() == library
    assert library.stat().st_mtime_ns == stamp
    small.write_text('extern "C" int small_answer() { return 43; }\n')
    assert cached("cpu") is None
    assert build() != library


def test_a_failed_build_ends_with_the_compilers_words(small: Path) -> None:
    """It leaves nothing that could be loaded, is remembered, and is gone when the source is right again."""
    right = small.read_text()
    small.write_text("int broken( { return undeclared_name; }\n")
    with pytest.raises(BuildError, match="the kernels for cpu were not built") as caught:
        build()
    assert "error:" in str(caught.value)
    assert "error:" in (failure("cpu") or "")
    assert cached("cpu") is None
    small.write_text(right)
    assert failure("cpu") is None
    assert build().is_file()


def test_without_a_compiler(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier build left is found; a new one is refused in one line."""
    library = build()
    monkeypatch.setenv("CXX", "no-such-compiler")
    assert cached("cpu") == library
    with pytest.raises(BuildError, match="need c\\+\\+, and one is not found"):
        build()


def test_cuda_needs_a_pytorch_with_cuda() -> None:
    """Said before anything is compiled."""
    import torch

    if torch.version.cuda is not None:
        pytest.skip("this PyTorch was built with CUDA")
    with pytest.raises(BuildError, match="PyTorch that was built with CUDA"):
        build("cuda")


_PROGRAM = """
import sys
from pathlib import Path
from autotransfer.kernels import building, sources
sources.CSRC = Path(sys.argv[1])
print(building.build())
"""


def _start(small: Path, cxx: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "CXX": str(cxx)}
    command = [sys.executable, "-c", _PROGRAM, str(small.parents[1])]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)


def _counting_compiler(folder: Path, *, hang: bool) -> Path:
    """The real one, noting each compilation; with ``hang`` it never ends."""
    program = folder / "cxx"
    act = "sleep 600" if hang else 'exec c++ "$@"'
    text = f"""\
    #!/bin/sh
    case "$*" in
      *--version*|*-v*) echo compiler; exit 0;;
      *small.cpp*) echo x >> {folder}/count;;
    esac
    {act}
    """
    program.write_text(textwrap.dedent(text))
    program.chmod(0o755)
    return program


def test_of_several_processes_one_builds(small: Path, tmp_path: Path) -> None:
    """All get the same library, and the compiler ran once."""
    compiler = _counting_compiler(tmp_path, hang=False)
    processes = [_start(small, compiler) for _ in range(3)]
    answers = {process.communicate(timeout=240)[0].strip() for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len(answers) == 1
    assert Path(answers.pop()).is_file()
    assert (tmp_path / "count").read_text() == "x\n"


def test_after_a_kill_the_next_one_builds(small: Path, tmp_path: Path) -> None:
    """A process killed while it compiles leaves neither a lock nor a library."""
    compiler = _counting_compiler(tmp_path, hang=True)
    victim = _start(small, compiler)
    while not (tmp_path / "count").exists():
        assert victim.poll() is None
        time.sleep(0.05)
    os.killpg(victim.pid, signal.SIGKILL)
    victim.communicate()
    assert not list((tmp_path / "cache").rglob("complete"))
    again = _start(small, _counting_compiler(tmp_path, hang=False))
    answer = again.communicate(timeout=240)[0].strip()
    assert again.returncode == 0
    assert Path(answer).is_file()
    assert building.root() == tmp_path / "cache/kernels"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere OpenMP's functions have other names")
def test_kernels_run_on_several_threads(compiled: Path, device: str) -> None:
    """Without OpenMP ``at::parallel_for`` is a plain loop: the library calls OpenMP's function to start threads."""
    if device != "cpu":
        pytest.skip("threads of the CPU's kernels")
    assert b"GOMP_parallel" in compiled.read_bytes()
