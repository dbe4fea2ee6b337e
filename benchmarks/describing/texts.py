"""Twenty kinds of English text by their names: reviews of sixteen kinds of product, and four kinds of short text."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder
from benchmarks.describing.case import Case, part_of_each, shared_out

REVIEWS = {
    "MR": "movie review sentences",
    "apparel": "apparel",
    "baby": "baby products",
    "books": "books",
    "camera_photo": "cameras and photography",
    "dvd": "dvds",
    "electronics": "electronics",
    "health_personal_care": "health and personal care",
    "imdb": "film reviews",
    "kitchen_housewares": "kitchen and housewares",
    "magazines": "magazines",
    "music": "music",
    "software": "software",
    "sports_outdoors": "sports and outdoors",
    "toys_games": "toys and games",
    "video": "videos",
}
"""File -> the name of the class: the file's own in words, but for the two that do not say what they hold."""
WORDS = 60
"""Words of a text that are read."""
UNSEEN = 5


def texts(data: Path, per_class: int, encoders: tuple[Encoder, Encoder], name: str) -> Case:
    """Four splits of five unseen classes.

    :param encoders: of the rows, and of the class names.
    """
    found = {label: read() for label, read in _readers(data).items()}
    labels = list(found)
    chosen = [_drawn(rows, per_class) for rows in found.values()]
    y = np.repeat(np.arange(len(labels)), [len(rows) for rows in chosen])
    X = _encoded(encoders[0], np.concatenate(chosen))
    return Case(name, X, y, described(encoders[1], labels), shared_out(len(labels), UNSEEN), part_of_each(y, 0.25))


def described(encoder: Encoder, names: list[str]) -> Array:
    """Names as rows of numbers, (n, a)."""
    return _encoded(encoder, np.array(names, dtype=object))


def _encoded(encoder: Encoder, words: Array) -> Array:
    rows = Dataset("texts", Modality.TEXT, words)
    return encoder.fit(rows).transform(rows)


def _readers(data: Path) -> dict[str, Callable[[], list[str]]]:
    def of_lines(path: Path, label: str | None = None) -> list[str]:
        pairs = (line.split("\t", 1) for line in _lines(path))
        return [pair[1] for pair in pairs if len(pair) == 2 and label in (None, pair[0])]

    def review(name: str) -> Callable[[], list[str]]:
        return lambda: of_lines(data / "fdu_mtl_sentiment" / f"{name}.train.gz")

    def message(kind: str) -> Callable[[], list[str]]:
        return lambda: of_lines(data / "sms_spam" / "SMSSpamCollection.tsv.gz", kind)

    def sentences() -> list[str]:
        with ZipFile(data / "tatoeba_laser" / "tatoeba_v1.zip") as packed:
            return packed.read("tatoeba.deu-eng.eng").decode("utf-8").splitlines()

    return {
        **{words: review(name) for name, words in REVIEWS.items()},
        "text messages between friends": message("ham"),
        "advertising and spam": message("spam"),
        "captions of photographs": lambda: _lines(data / "multi30k_task1" / "val.en.gz"),
        "sentences for learning a language": sentences,
    }


def _lines(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as stream:
        return stream.read().splitlines()


def _drawn(rows: list[str], count: int) -> Array:
    chosen = np.random.default_rng(0).permutation(len(rows))[:count]
    return np.array([" ".join(rows[index].split()[:WORDS]) for index in np.sort(chosen)], dtype=object)
