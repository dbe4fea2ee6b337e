"""Every method on a scene: retrieval with captions in other words, and classes told by prompts."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from autotransfer_multimodal.method import PairedMethod
from autotransfer_multimodal.prompts import class_embeddings
from autotransfer_multimodal.retrieval import recall_at
from autotransfer_multimodal.towers import Towers

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.encoder import Encoder
from autotransfer.nets.seeding import reproducible
from autotransfer.task import Context, Source, Task
from benchmarks.pairing.captions import KNOWN
from benchmarks.pairing.scene import NAMES, Scene


@dataclass(frozen=True, eq=False)
class Entrant:
    """A method, and the encoder that its images come through; None: they come as they are."""

    method: PairedMethod
    encoder: Encoder | None
    label: str


def compared(scenes: Sequence[Scene], entrants: Sequence[Entrant]) -> Iterator[dict[str, Any]]:
    """A row an entrant: means over the scenes, and the standard deviation of recall."""
    for entrant in entrants:
        started = time.process_time()
        found = [_on(scene, entrant, seed) for seed, scene in enumerate(scenes)]
        means = {name: float(np.mean([one[name] for one in found])) for name in found[0]}
        yield {
            "method": entrant.method.name,
            "images by": entrant.label,
            **means,
            "± R@1": float(np.std([one["image→text R@1"] for one in found])),
            "cpu seconds": (time.process_time() - started) / len(scenes),
            "peak MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }


def chance(scenes: Sequence[Scene]) -> dict[str, Any]:
    """What guessing gives, in the same columns."""
    n = float(np.mean([1 / len(scene.searched) for scene in scenes]))
    classes = {"seen classes": 1 / len(scenes[0].seen), "unseen classes": 1 / len(scenes[0].unseen)}
    recalls = {f"{way} R@{k}": k * n for way in ("image→text", "text→image") for k in (1, 5)}
    return {"method": "chance", "images by": "–", **recalls, **classes}


def _on(scene: Scene, entrant: Entrant, seed: int) -> dict[str, float]:
    method, ctx = entrant.method, Context(seed)
    raw = Modality.FEATURES not in method.modalities
    offers = Asset.SOURCE_INPUTS | Asset.PAIRS
    source = Source("pairs", offers, scene.pairs, encoder=entrant.encoder)
    searched, tested = scene.searched, scene.tested
    if not raw:
        pairs, searched, tested = (_encoded(part, entrant) for part in (scene.pairs, searched, tested))
        source = replace(source, data=pairs)
    with reproducible(seed, "cpu"):
        towers = method.learn(source, ctx)
    captions = searched.captions
    similar = towers.cosines(searched, towers.texts([] if captions is None else captions.tolist()))
    ways = {"image→text": similar, "text→image": similar.T}
    recalls = {f"{way} R@{k}": recall_at(found, k) for way, found in ways.items() for k in (1, 5)}
    return {**recalls, **_told(scene, tested, towers, method)}


def _told(scene: Scene, tested: Dataset, towers: Towers, method: PairedMethod) -> dict[str, float]:
    """Accuracy of the best prompt: of seen classes by name, of unseen ones by name and description."""
    rows = Task(tested.take(np.arange(0)), NAMES, class_words=tuple(KNOWN.values()))
    found = {}
    for name, classes, task in (
        ("seen classes", scene.seen, replace(rows, class_words=None)),
        ("unseen classes", scene.unseen, rows),
    ):
        part = tested.take(np.isin(tested.labels, classes))
        cosines = towers.cosines(part, class_embeddings(towers.texts, task, method.prompts)[classes])
        found[name] = float(np.mean(classes[cosines.argmax(axis=1)] == part.labels))
    return found


def _encoded(data: Dataset, entrant: Entrant) -> Dataset:
    if entrant.encoder is None:
        raise TypeError(f"{entrant.method.name} needs an encoder")
    from autotransfer.features import FeatureCache, default_folder

    return data.with_inputs(FeatureCache(default_folder()).encode(entrant.encoder, data, data))
