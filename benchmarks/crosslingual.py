"""Two languages: word and sentence retrieval, the choice of a source language, and what the guard saves.

Multi30k's German, English and French captions; AfriSenti's tweets in fourteen languages. ``cpu s`` are processor
seconds, ``peak MiB`` the largest memory of the process so far.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from autotransfer.errors import InputError
from benchmarks.harness import Arguments, Bar, Result, at_least, at_most
from benchmarks.languages import captions, guarded, tweets

PARTS = ("words", "sentences", "sources", "guard")
"""For ``--tasks``."""
_BUDGET = 15.0
_QUICK_CAPTIONS, _QUICK_TWEETS, _TWEETS = 6000, 400, 2000


def run(args: Arguments) -> Result:
    """``--quick``: one pair of languages, fewer sentences and tweets, three targets for the guard."""
    for name in args.tasks:
        if name not in PARTS:
            raise InputError(f"--tasks {name}: crosslingual has no such part; it has {', '.join(PARTS)}")
    found: list[tuple[list[dict[str, Any]], list[Bar]]] = []
    for part in PARTS:
        if not args.tasks or part in args.tasks:
            found.append({"words": words, "sentences": sentences, "sources": sources, "guard": guard}[part](args))
    return Result(
        "crosslingual", [bar for _, bars in found for bar in bars], [row for rows, _ in found for row in rows]
    )


def words(args: Arguments) -> tuple[list[dict[str, Any]], list[Bar]]:
    """CSLS beside the nearest neighbour."""
    limit = _QUICK_CAPTIONS if args.quick else None
    rows = [row for pair in _pairs(args) for row in captions.words(args.data, *pair, limit)]
    gains = {f"{row['pair']}, {row['method']}": row["csls"] - row["nearest"] for row in rows}
    mean = float(np.mean(list(gains.values())))
    worst = min(gains, key=lambda name: gains[name])
    return rows, [
        at_least("Words: P@1 by CSLS less that by the nearest neighbour, mean", mean, 0.001),
        at_least(f"Words: the same at worst, {worst}", gains[worst], 0.0),
    ]


def sentences(args: Arguments) -> tuple[list[dict[str, Any]], list[Bar]]:
    """Right at first among 1,000."""
    limit = _QUICK_CAPTIONS if args.quick else None
    rows = [row for pair in _pairs(args) for row in captions.sentences(args.data, *pair, limit)]
    worst = min(rows, key=lambda row: float(row["csls"]))
    return rows, [at_least(f"Sentences: right at first by CSLS, {worst['pair']}", worst["csls"], 0.5)]


def sources(args: Arguments) -> tuple[list[dict[str, Any]], list[Bar]]:
    """Regret of choosing a source language without a label of the target."""
    begun, most = time.process_time(), _QUICK_TWEETS if args.quick else _TWEETS
    scores = tweets.transfers(args.data, most)
    values = tweets.likenesses(args.data, most)
    chance = float(tweets.random_regrets(scores).mean())
    ways = {
        "all five estimates, fitted on other targets": tweets.by_ridge(scores, values),
        "the four of texts alone, fitted on other targets": tweets.by_ridge(
            scores, {name: column for name, column in values.items() if name != "prediction_balance"}
        ),
        "what was best for other targets": tweets.by_past(scores),
        **{name: tweets.by_one(column) for name, column in values.items()},
    }
    table = {"table": "AfriSenti, choice of the source: macro F1 lost"}
    rows: list[dict[str, Any]] = [{**table, "choice": "random", "mean regret": chance, "of random": 1.0}]
    for name, choice in ways.items():
        lost = float(tweets.regrets(scores, choice).mean())
        rows.append({**table, "choice": name, "mean regret": lost, "of random": lost / chance})
    rows[1] |= captions.spent(begun)
    return rows, [at_most("Sources: mean regret over that of a random choice", rows[1]["of random"], 0.5)]


def guard(args: Arguments) -> tuple[list[dict[str, Any]], list[Bar]]:
    """How many targets are more than a point worse off than without transfer."""
    rows = guarded.compared(args.data, _BUDGET, 3 if args.quick else None)
    free, kept = (sum(row[f"worse {how} guard"] for row in rows) for how in ("without", "with"))
    return rows, [at_most(f"Guard: targets of {len(rows)} that it leaves worse off ({free} without it)", kept, free)]


def _pairs(args: Arguments) -> Iterator[tuple[str, str]]:
    yield from captions.PAIRS[: 1 if args.quick else None]
