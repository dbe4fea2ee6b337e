"""``python -m autotransfer.testing TARGET MODULE...``: checks of modules that are not installed, as JSON."""

from __future__ import annotations

import os
import sys

from autotransfer.testing.target import report_of_modules, to_json


def main(arguments: list[str]) -> None:
    """Standard output holds the JSON alone, whatever the checked modules print."""
    answer = os.dup(1)
    os.dup2(2, 1)
    found = report_of_modules(arguments[0], arguments[1:])
    with os.fdopen(answer, "w", encoding="utf-8") as stream:
        stream.write(to_json(found))


if __name__ == "__main__":
    main(sys.argv[1:])
