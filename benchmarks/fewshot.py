"""Few-shot learning: every method on drawings and on photographs.

Omniglot: the method is chosen on two alphabets of the background sets that it has not learned from; then it learns from
all eight, and the 20 official runs are read once. Lake, Salakhutdinov and Tenenbaum, "The Omniglot challenge: a 3-year
progress report", 2019 (arXiv:1902.03477) give, for the same minimal background sets, 23.2 % for a convolutional network
and 30.1 % for prototypical networks (4.2 % for Bayesian program learning; people 4.5 %): from memory, not looked up.

Photographs: 5-way tasks with one and five labelled images a class, of CIFAR-10 and of twenty classes of Tiny-ImageNet,
on pixels, on the encoder that ships (which has seen those twenty), from scratch with 120 other classes, and on an
encoder that is trained here without the twenty.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autotransfer.errors import InputError
from benchmarks.harness import Arguments, Bar, Result, at_least, at_most
from benchmarks.shots.drawings import drawings
from benchmarks.shots.photos import SCRATCH, own_encoder, photos, table

PARTS = ("omniglot", "photos", "own")
"""For ``--tasks``; ``own`` trains an encoder, and is no part of a quick run."""
ERROR, SECONDS = 14.0, 1200.0
"""Per cent, and seconds of the clock on two cores."""
CHANCE = 20.0


def run(args: Arguments) -> Result:
    """``--quick``: short training, too short for the bar, and fewer tasks."""
    wanted = args.tasks or (PARTS[:-1] if args.quick else PARTS)
    for name in wanted:
        if name not in PARTS:
            raise InputError(f"--tasks {name}: fewshot has no such part; it has {', '.join(PARTS)}")
    rows: list[dict[str, Any]] = []
    bars: list[Bar] = []
    if "omniglot" in wanted:
        found, error, seconds = drawings(args.data, 0.05 if args.quick else 1.0, 1 if args.quick else 34)
        rows += found
        bars.append(at_most("Omniglot: test error of the method chosen on other alphabets, %", error, ERROR))
        bars.append(at_most("Omniglot: its seconds, learning and test", seconds, SECONDS))
    if {"photos", "own"} & set(wanted):
        more = list(_photos(args, wanted))
        rows += more
        bars += _photo_bars(more)
    return Result("fewshot", bars, rows)


def _photos(args: Arguments, wanted: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    found = photos(args.data, 6 if args.quick else 30)
    passes, count = (1, 30) if args.quick else (16, 200)
    if "photos" in wanted:
        yield from table(found, passes, count)
    if "own" in wanted:
        yield from own_encoder(found, args.data, passes, count)


def _photo_bars(rows: list[dict[str, Any]]) -> list[Bar]:
    """Features of a pretrained encoder against chance; what is learned from scratch is shown as it is."""
    found = []
    for features in dict.fromkeys(row["features"] for row in rows if row["features"] not in ("pixels", SCRATCH)):
        worst = min((row for row in rows if row["features"] == features), key=lambda row: float(row["5-shot %"]))
        name = f"{features}: 5-shot accuracy, the worst method and data, {worst['method']}, %"
        found.append(at_least(name, worst["5-shot %"], 1.5 * CHANCE))
    return found
