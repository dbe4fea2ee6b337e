"""One search in a process of its own, whose memory is the search's: ``python -m benchmarks.selecting.narrow``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from autotransfer.sourcebook.book import open_book
from autotransfer.sourcebook.shortlist import shortlist
from autotransfer.sourcebook.sketch import Sketch


def main(folder: str, file: str) -> None:
    """Print, for each target in the file, the names found and the seconds from the closed book on."""
    found = []
    with np.load(file, allow_pickle=False) as targets:
        for number in range(len(targets.files)):
            means = targets[f"target{number}"]
            start = time.perf_counter()
            listed = shortlist(open_book(Path(folder)), Sketch(means, np.full(len(means), 1 / len(means))))
            found.append({"seconds": time.perf_counter() - start, "names": [source.name for source in listed]})
    sys.stdout.write(json.dumps({"targets": found, "peak MiB": _peak()}) + "\n")


def _peak() -> float:
    """Most memory that was ever resident, mapped files included. Not ``getrusage``, which tells the parent's too."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:3])
