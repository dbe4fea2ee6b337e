"""Image-text pairs: every method of the family beside chance and beside a linear map.

Pairs are made of images of CIFAR-10 and PACS: a sentence says what is on one, of what kind it is, and, read off its
pixels, its main colour and its brightness. Searched are test images by captions whose templates no caption was learned
from; no two of them can be said the same of. "seen classes": accuracy among eleven classes, told by neutral prompts
with their names. "unseen classes": among four classes that no pair shows and no caption names, told by prompts with
descriptions whose words other classes share. Three draws of pairs and of unseen classes; settings are the defaults.
The shipped network was trained on photographs of 140 other classes, some of them close to these.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from autotransfer.encoder import Encoder
from autotransfer.errors import InputError
from benchmarks.harness import Arguments, Bar, Result, at_least, at_most
from benchmarks.pairing.compared import Entrant, chance, compared
from benchmarks.pairing.scene import pictures, scene

PRETRAINED = "zoo:photo-resnet"
RECALL, SEEN, UNSEEN = "image→text R@1", "seen classes", "unseen classes"
MAP = "linear_map"


def run(args: Arguments) -> Result:
    """``--quick``: 40 pairs a class in place of 140, and one draw. ``--seeds``: draws. ``--tasks``: methods."""
    everything = pictures(args.data)
    draws = args.seeds or (1 if args.quick else 3)
    scenes = [scene(everything, 40 if args.quick else 140, seed) for seed in range(draws)]
    rows = [chance(scenes)]
    for row in compared(scenes, entrants(args.tasks)):
        rows.append(row)
        print(f"{row['method']}, {row['images by']}: {row[RECALL]:.3f}", file=sys.stderr, flush=True)
    return Result(
        "multimodal", [at_most("InfoNCE: largest difference from NumPy", loss_gap(), 1e-8), *bars(rows)], rows
    )


def entrants(names: tuple[str, ...]) -> list[Entrant]:
    """Each method with the shipped network where it takes one; those for features with an untrained encoder, too.

    Raises ``InputError`` for a name that is no method's.
    """
    from autotransfer_multimodal import transfer_methods
    from autotransfer_multimodal.method import PairedMethod

    from autotransfer.assets import Asset
    from autotransfer.data import Modality
    from autotransfer.encoders.hog import HogEncoder

    found = []
    for method in transfer_methods():
        if not issubclass(method, PairedMethod):
            raise TypeError(f"{method.name} learns no towers")
        if Modality.FEATURES in method.modalities:
            found += [Entrant(method(), HogEncoder(), "hog")]
        needs_network = Modality.FEATURES in method.modalities or Asset.TRAINABLE in method.needs
        found += [Entrant(method(), _pretrained(), PRETRAINED) if needs_network else Entrant(method(), None, "scratch")]
    known = [entrant.method.name for entrant in found]
    for name in names:
        if name not in known:
            raise InputError(f"--tasks {name}: no such method; there are {', '.join(dict.fromkeys(known))}")
    return [entrant for entrant in found if not names or entrant.method.name in names]


def bars(rows: list[dict[str, Any]]) -> list[Bar]:
    """Of every method: against chance, and against the linear map on the same images; a method from scratch against the
    one on untrained features."""
    guess = rows[0]
    maps = {row["images by"]: row for row in rows if row["method"] == MAP}
    found = []
    for row in rows[1:]:
        who = f"{row['method']}, {row['images by']}"
        for figure in (RECALL, SEEN, UNSEEN):
            found.append(at_least(f"{who}: {figure} over chance", row[figure] / guess[figure], 1.1))
        other = maps.get("hog" if row["images by"] == "scratch" else row["images by"])
        if row["method"] != MAP and other is not None:
            for figure in (RECALL, SEEN, UNSEEN):
                found.append(at_least(f"{who}: {figure} less the linear map's", row[figure] - other[figure], 0.0))
    return found


def loss_gap() -> float:
    """Of InfoNCE on random similarities from the formula, in double precision."""
    import torch
    from autotransfer_multimodal.loss import info_nce

    rng, worst = np.random.default_rng(0), 0.0
    for n in (2, 17, 128):
        s = 20 * rng.normal(size=(n, n))
        halves = [np.log(np.exp(m - m.max(1, keepdims=True)).sum(1)) + m.max(1) - np.diag(m) for m in (s, s.T)]
        worst = max(worst, abs(float(info_nce(torch.from_numpy(s))) - float(np.mean(halves))))
    return worst


def _pretrained() -> Encoder:
    from autotransfer.pretrained.zoo_source import open_zoo_source

    source = open_zoo_source(PRETRAINED)
    if source is None or source.encoder is None:
        raise TypeError(f"{PRETRAINED} is no encoder")
    return source.encoder
