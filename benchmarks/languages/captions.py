"""Multi30k: captions of photographs in English, German and French (Elliott et al., 2016; task 1)."""

from __future__ import annotations

import gzip
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from autotransfer_crosslingual.cca import canonical_maps
from autotransfer_crosslingual.cross_lingual_lsi import joint_readers
from autotransfer_crosslingual.csls import csls
from autotransfer_crosslingual.embedding import Ppmi, WordVectors, unit, word_vectors
from autotransfer_crosslingual.lexicon import mutual_pairs
from autotransfer_crosslingual.procrustes import rotation
from autotransfer_crosslingual.self_learning import Rounds, self_learned

from autotransfer.bridge import Bridge
from autotransfer.data import Array

PAIRS = (("de", "en"), ("fr", "en"), ("de", "fr"))
HELD = 9_000
"""Sentences at the end of the training part that only the dictionaries see."""
EVALUATED = 500
_LSI = 300

Align = Callable[[Array, Array, Array], tuple[Array, Array]]


def words(data: Path, there: str, here: str, limit: int | None) -> list[dict[str, Any]]:
    """Word retrieval, P@1. Vectors are learned from captions of different photographs in either language: the first
    10,000 in one, the next 10,000 in the other. Seeds and the evaluation dictionary are mutual translations by IBM
    Model 1 of the 9,000 sentences after those, and no word of the latter is among the seeds."""
    left, right = (_lines(data, f"train.{name}") for name in (there, here))
    half = len(left[:-HELD]) // 2 if limit is None else limit
    known = [word_vectors(texts, Ppmi(least=5, power=1.0)) for texts in (left[:half], right[half : 2 * half])]
    told = mutual_pairs(bridge_of(left[-HELD:], right[-HELD:]))
    seeds, asked = shared_out(told, known[0], known[1])
    alike = [(a, b) for a, b in np.asarray(seeds) if known[0].vocabulary.words[a] == known[1].vocabulary.words[b]]
    found = []
    for name, align, pairs in (
        ("procrustes, dictionary", _turned, seeds),
        ("self-learning, dictionary", _refined, seeds),
        ("self-learning, words written alike", _refined, np.array(alike or seeds[:1])),
        ("CCA, dictionary", _projected, seeds),
    ):
        begun = time.process_time()
        X, Y = align(known[0].vectors, known[1].vectors, pairs)
        S = unit(X) @ unit(Y).T
        row: dict[str, Any] = {"table": "Words, P@1", "pair": f"{there}-{here}", "method": name, "seeds": len(pairs)}
        row |= {"asked": len(asked), "nearest": right_at_first(S, asked), "csls": right_at_first(csls(S), asked)}
        found.append({**row, **spent(begun)})
    return found


def shared_out(told: tuple[tuple[str, str], ...], left: WordVectors, right: WordVectors) -> tuple[Array, Array]:
    """Places of known pairs: those to learn from, and at most 500, by lot, to be asked for; no word is in both."""
    places = [(left.vocabulary.place(a), right.vocabulary.place(b)) for a, b in told]
    known = np.array([pair for pair in places if min(pair) >= 0])
    known = known[np.random.default_rng(0).permutation(len(known))]
    cut = min(EVALUATED, len(known) // 3)
    return known[cut:], known[:cut]


def right_at_first(scores: Array, asked: Array) -> float:
    """Share of asked words whose best word is the dictionary's."""
    return float((scores[asked[:, 0]].argmax(axis=1) == asked[:, 1]).mean())


def sentences(data: Path, there: str, here: str, limit: int | None) -> list[dict[str, Any]]:
    """Retrieval of the other language's sentence among the 1,000 of ``test_2016_flickr``; the space is learned from
    the training part."""
    begun = time.process_time()
    pairs = [_lines(data, f"train.{name}")[:limit] for name in (there, here)]
    readers = joint_readers(bridge_of(*pairs), _LSI if limit is None else _LSI // 2)
    asked = [_lines(data, f"test_2016_flickr.{name}") for name in (there, here)]
    left, right = (reader.features(texts) for reader, texts in zip(readers, asked, strict=True))
    S = left @ right.T
    own = np.column_stack([np.arange(len(S))] * 2)
    row: dict[str, Any] = {
        "table": "Sentences, right at first",
        "pair": f"{there}-{here}",
        "method": "cross-lingual LSI",
    }
    row |= {"asked": len(S), "nearest": right_at_first(S, own), "csls": right_at_first(csls(S), own)}
    return [{**row, **spent(begun)}]


def spent(begun: float) -> dict[str, float]:
    """Processor seconds since, and the largest memory of this process so far."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cpu s": time.process_time() - begun, "peak MiB": memory}


def bridge_of(left: tuple[str, ...], right: tuple[str, ...]) -> Bridge:
    """Parallel sentences."""
    return Bridge(np.array(list(zip(left, right, strict=True)), dtype=object))


def _turned(X: Array, Y: Array, seeds: Array) -> tuple[Array, Array]:
    return X @ rotation(X[seeds[:, 0]], Y[seeds[:, 1]]), Y


def _refined(X: Array, Y: Array, seeds: Array) -> tuple[Array, Array]:
    return X @ self_learned(X, Y, seeds, Rounds())[0], Y


def _projected(X: Array, Y: Array, seeds: Array) -> tuple[Array, Array]:
    A, B, _ = canonical_maps(X[seeds[:, 0]], Y[seeds[:, 1]], 0.1)
    kept = A.shape[1] // 2
    return X @ A[:, :kept], Y @ B[:, :kept]


def _lines(data: Path, name: str) -> tuple[str, ...]:
    with gzip.open(data / "multi30k_task1" / f"{name}.gz", "rt", encoding="utf-8") as stream:
        return tuple(stream.read().splitlines())
