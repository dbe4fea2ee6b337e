"""Pairs of domains for methods with a network: a labelled source, a target without labels, its test rows apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np

from autotransfer.data import Array
from autotransfer.problem import ReadOptions
from autotransfer.readers import read
from benchmarks.tasks import digits, sentiment
from benchmarks.tasks.rows import Rows

_TEST_SHARE = 0.2
"""Of a target that comes without test rows of its own, drawn by seed."""
_QUICK_ROWS = 800

Load: TypeAlias = Callable[[Path, int], tuple[Rows, Rows, Rows]]
"""(data folder, seed) -> source, target (its labels are not looked at), and the target's test rows."""


@dataclass(frozen=True)
class DeepPair:
    """:param kind: ``image`` or ``text``. :param counts: whether the bars rest on it, or it is a table beside them."""

    name: str
    kind: str
    load: Load
    counts: bool = False

    def rows(self, data: Path, seed: int, *, quick: bool) -> tuple[Rows, Rows, Rows]:
        """All rows, or so many of source and target that a fit takes seconds."""
        source, target, test = self.load(data, seed)
        if not quick:
            return source, target, test
        rng = np.random.default_rng(seed)
        few = [part.take(rng.permutation(len(part))[:_QUICK_ROWS]) for part in (source, target)]
        return few[0], few[1], test


def _mnist_usps(data: Path, seed: int) -> tuple[Rows, Rows, Rows]:
    return digits.mnist(data), digits.usps(data, "train"), digits.usps(data, "test")


def _usps_mnist(data: Path, seed: int) -> tuple[Rows, Rows, Rows]:
    return digits.usps(data, "train"), *_apart(digits.mnist(data), seed)


def _drawings(source: str, target: str, data: Path, seed: int) -> tuple[Rows, Rows, Rows]:
    return _drawn(data, source), *_apart(_drawn(data, target), seed)


def _reviews(source: str, target: str, data: Path, seed: int) -> tuple[Rows, Rows, Rows]:
    parts = ((source, "train"), (target, "train"), (target, "test"))
    known, unknown, test = (sentiment.domain(data, *part) for part in parts)
    return known, unknown, test


def _apart(rows: Rows, seed: int) -> tuple[Rows, Rows]:
    order = np.random.default_rng(seed).permutation(len(rows))
    held = round(_TEST_SHARE * len(rows))
    return rows.take(order[held:]), rows.take(order[:held])


def _drawn(data: Path, domain: str) -> Rows:
    """Files of one domain of PACS (Li et al., ICCV 2017), 64 × 64."""
    uri = f"{data}/pacs64/pacs64.zip/{domain}"
    raw = read(uri, ReadOptions())
    if raw is None or raw.labels is None:
        raise LookupError(f"{uri}: no labelled images there")
    labels: Array = np.asarray(raw.labels)
    return Rows(np.asarray(raw.inputs), labels)


PAIRS = (
    DeepPair("mnist > usps", "image", _mnist_usps, counts=True),
    DeepPair("usps > mnist", "image", _usps_mnist, counts=True),
    DeepPair("photo > sketch", "image", partial(_drawings, "photo", "sketch")),
    DeepPair("art > cartoon", "image", partial(_drawings, "art_painting", "cartoon")),
    DeepPair("books > kitchen", "text", partial(_reviews, "books", "kitchen_housewares")),
    DeepPair("dvd > electronics", "text", partial(_reviews, "dvd", "electronics")),
)
