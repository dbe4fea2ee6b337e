"""Classes without a labelled row: every zero-shot method beside chance and beside the rule that knows no description.

Zoo animals by attributes, twenty kinds of text by their names, and Tiny-ImageNet by the names of its classes. Settings
are the defaults, or chosen by folds of the labelled rows that hold whole classes out; test rows choose nothing. "Among
unseen" is the per-class mean accuracy where only unseen classes can be named, "factor" that over chance; "harmonic" is
the generalised figure, where seen classes can be named too.
"""

from __future__ import annotations

import resource
import statistics
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from autotransfer.encoder import Encoder
from autotransfer.errors import InputError, MissingDependencyError
from autotransfer.method import Method
from benchmarks.describing.animals import animals
from benchmarks.describing.case import Case
from benchmarks.describing.compared import compared
from benchmarks.describing.images import TRAIN, own, pictures, shipped
from benchmarks.describing.texts import described, texts
from benchmarks.harness import Arguments, Bar, Result, at_least, at_most

RULE = "seen_or_chance"
PARTS = ("animals", "texts", "images", "own")
"""For ``--tasks``; ``own`` trains an encoder on the seen classes alone, and is no part of a quick run."""
_IMAGES = "Tiny-ImageNet"
TRIES = 3
"""Random settings beside the defaults, of which folds choose; none for images, which are many, and in a quick run."""


def run(args: Arguments) -> Result:
    """``--quick``: fewer rows, default settings, and no encoder of our own. Names are read by the sentence
    encoder of the extra ``text``; without it by their spelling, which tells little."""
    rows = []
    for case in _cases(args):
        for row in compared(case, methods(), 0 if args.quick or case.name.startswith(_IMAGES) else TRIES):
            rows.append({**row, "peak MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
            print(f"{row['case']}: {row['method']} {row['among unseen']:.3f}", file=sys.stderr, flush=True)
    return Result(
        "zeroshot", [at_most("ESZSL: largest difference from its closed form", closed_form(), 1e-8), *bars(rows)], rows
    )


def methods() -> list[type[Method]]:
    """The family's, the rule without descriptions first."""
    from autotransfer_zeroshot import transfer_methods

    return list(transfer_methods())


def bars(rows: list[dict[str, Any]]) -> list[Bar]:
    """Every method above chance on animals and texts; on images the median of them, so that no test row picks one."""
    found = []
    for case in dict.fromkeys(row["case"] for row in rows):
        factors = {row["method"]: row["factor"] for row in rows if row["case"] == case and row["method"] != RULE}
        if case.startswith(_IMAGES):
            middle = statistics.median(factors.values())
            found.append(at_least(f"{case}: top-1 over chance, the median method", middle, 3.0))
        else:
            worst = min(factors, key=lambda name: factors[name])
            found.append(at_least(f"{case}: accuracy over chance, the worst method, {worst}", factors[worst], 1.1))
    return found


def closed_form() -> float:
    """Of V on random matrices: (XᵀX + γ I)⁻¹ Xᵀ Y S (SᵀS + λ I)⁻¹ by explicit inverses."""
    from autotransfer_zeroshot.eszsl import compatibility

    rng, worst = np.random.default_rng(0), 0.0
    for n, d, z, a in ((200, 30, 12, 8), (40, 90, 10, 60)):
        X, Y, S = rng.normal(size=(n, d)), rng.choice([-1.0, 1.0], (n, z)), rng.normal(size=(z, a))
        left, right = np.linalg.inv(X.T @ X + 0.5 * np.eye(d)), np.linalg.inv(S.T @ S + 0.3 * np.eye(a))
        worst = max(worst, float(np.abs(compatibility(X, Y, S, 0.5, 0.3) - left @ X.T @ Y @ S @ right).max()))
    return worst


def _cases(args: Arguments) -> Iterator[Case]:
    wanted = args.tasks or (PARTS[:-1] if args.quick else PARTS)
    for name in wanted:
        if name not in PARTS:
            raise InputError(f"--tasks {name}: zeroshot has no such part; it has {', '.join(PARTS)}")
    if "animals" in wanted:
        yield from animals(args.data)
    rows, names, by = _words()
    if "texts" in wanted:
        yield texts(args.data, 20 if args.quick else 60, (rows, names), f"20 kinds of text by name ({by})")
    if {"images", "own"} & set(wanted):
        found = pictures(args.data, 10 if args.quick else TRAIN)
        attributes = described(names, list(found.names))
        if "images" in wanted:
            yield shipped(found, attributes)
        if "own" in wanted:
            yield own(args.data, attributes)


def _words() -> tuple[Encoder, Encoder, str]:
    """Encoders of texts and of names, and what they are."""
    from autotransfer.encoders.char_tfidf import CharTfidfEncoder
    from autotransfer.encoders.lsa import LsaEncoder
    from autotransfer.encoders.sentence import MINILM, SentenceEncoder, model_location

    try:
        model_location(MINILM)
    except MissingDependencyError as error:
        print(f"names are read by their spelling: {error}", file=sys.stderr, flush=True)
        return LsaEncoder(), CharTfidfEncoder(), "spelling"
    return SentenceEncoder(), SentenceEncoder(), "sentence encoder"
