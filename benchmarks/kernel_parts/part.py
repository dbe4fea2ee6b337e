"""What each part of the benchmark hands back, and the process in which it measures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.harness import Bar

# Freed memory stays with the process. Otherwise the rivals' large matrices cost more in page faults than in arithmetic,
# and would lose by a factor that any user gets rid of with these variables.
_ALLOCATOR = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40), "MALLOC_TOP_PAD_": str(1 << 26)}


@dataclass(frozen=True)
class Part:
    """Rows of the table and the bars that they decide."""

    rows: Sequence[Mapping[str, Any]] = field(default=())
    bars: Sequence[Bar] = field(default=())


def in_process(module: str, case: Mapping[str, Any], threads: int) -> dict[str, Any]:
    """What ``python -m MODULE`` prints, as JSON, for a case that it is given as JSON.

    A fresh process, with its allocator tuned and the kernels required.
    """
    environment = {
        **os.environ,
        **_ALLOCATOR,
        "OMP_NUM_THREADS": str(threads),
        "MKL_NUM_THREADS": str(threads),
        "AUTOTRANSFER_KERNELS": "require",
    }
    command = [sys.executable, "-m", module, json.dumps({**case, "threads": threads})]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
