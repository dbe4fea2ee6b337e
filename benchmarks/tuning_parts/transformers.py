"""Parameter-efficient methods on the zoo's transformer, which adapters, prefixes and prompts need: against fine-tuning
all of it and against its frozen features."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from benchmarks.harness import Arguments, Bar
from benchmarks.image_tasks import TASKS
from benchmarks.tuning_parts.alone import alone
from benchmarks.tuning_parts.methods import FROZEN, WHOLE, fitted, frozen, methods, small_bars

SEEDS = 2
MODEL = "zoo:photo-vit"
LITTLE = ("lora", "houlsby_adapter", "pfeiffer_adapter", "adaptformer", "bitfit")
OTHERS = ("qlora", "prefix_tuning", "p_tuning_v2", "visual_prompt_tuning", "ia3")
"""In the table alone."""


def measure(args: Arguments) -> tuple[Sequence[Mapping[str, Any]], Sequence[Bar]]:
    """A row for each task, seed and method, at its defaults; nothing was tuned on the test rows of these tasks.
    ``--quick``: one seed, hymenoptera, three methods. Progress goes to standard error."""
    found, rows = methods(MODEL), []
    names = (WHOLE, "lora", "bitfit") if args.quick else (WHOLE, *LITTLE, *OTHERS)
    tasks = ["hymenoptera"] if args.quick else list(TASKS)
    for seed in range(args.seeds or (1 if args.quick else SEEDS)):
        for name in tasks:
            task = TASKS[name](args.data, seed)
            work = {FROZEN: partial(frozen, task, seed, MODEL)}
            work |= {method: partial(fitted, found[method](), task, seed, MODEL) for method in names}
            for method, call in work.items():
                rows.append({"task": name, "seed": seed, "method": method, **alone(call)})
                sys.stderr.write(f"{rows[-1]}\n")
    return rows, small_bars(rows, LITTLE, " (transformer)")
