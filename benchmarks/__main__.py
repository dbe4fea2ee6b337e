"""``python -m benchmarks NAME [--data DIR] [--quick] [--json FILE]``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from autotransfer.errors import AutoTransferError
from autotransfer.settings import SELECTORS
from benchmarks.harness import HERE, Arguments, as_json, as_text, available, load


def main(arguments: Sequence[str]) -> int:
    """Run one benchmark, print its table, return the exit code: 0 even when a bar is not met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=f"One of: {', '.join(available())}.")
    parser.add_argument("name", help="which benchmark")
    parser.add_argument("--data", type=Path, default=default_data(), help="folder with the public data sets")
    parser.add_argument("--quick", action="store_true", help="end within ten minutes on two cores")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there too")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="where the kernels run")
    parser.add_argument("--tasks", metavar="A,B", default="", help="run these tasks or parts alone")
    main_job = parser.add_argument_group("main_job, main_job_dev and what says that it takes them")
    main_job.add_argument("--seeds", type=int, metavar="N", help="number of seeds")
    main_job.add_argument("--budget", type=float, metavar="SECONDS", help="time given to each run")
    main_job.add_argument("--resume", type=Path, metavar="FILE", help="journal of an interrupted benchmark")
    main_job.add_argument("--jobs", type=int, default=1, metavar="N", help="runs side by side, one core each")
    main_job.add_argument("--selector", choices=SELECTORS, default=SELECTORS[0], help="what orders the arms")
    given = parser.parse_args(arguments)
    tasks = tuple(name for name in given.tasks.split(",") if name)
    try:
        run = load(given.name)
    except LookupError as error:
        parser.error(str(error))
    job = (given.seeds, given.budget, given.resume, given.jobs)
    try:
        result = run(Arguments(given.data, given.quick, tasks, *job, given.device, given.selector))
    except AutoTransferError as error:
        parser.error(str(error))
    if given.json is not None:
        given.json.write_text(as_json(result), encoding="utf-8")
    sys.stdout.write(as_text(result))
    return 0


def default_data() -> Path:
    """``AUTOTRANSFER_DATA``, or the folder beside the checkout."""
    return Path(os.environ.get("AUTOTRANSFER_DATA") or HERE.parent.parent / "shared" / "data")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
