"""Product reviews of 16 domains, two sentiments (Liu et al., ACL 2017, FDU-MTL).

The sources of a domain are the five that follow it in the alphabetical order of all sixteen, cyclically.
"""

from __future__ import annotations

import gzip
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.tasks.poison import relabel_at_random
from benchmarks.tasks.rows import Rows, distinct, split_labelled
from benchmarks.tasks.task import Parts, Recipe

DOMAINS = [
    "apparel",
    "baby",
    "books",
    "camera_photo",
    "dvd",
    "electronics",
    "health_personal_care",
    "imdb",
    "kitchen_housewares",
    "magazines",
    "MR",
    "music",
    "software",
    "sports_outdoors",
    "toys_games",
    "video",
]
LABELLED, SOURCES = 60, 5
_NAMES = {"0": "negative", "1": "positive"}


def sources_of(domain: str) -> list[str]:
    """The five domains after this one."""
    start = DOMAINS.index(domain) + 1
    return [DOMAINS[(start + step) % len(DOMAINS)] for step in range(SOURCES)]


def _texts(path: Path, separator: str = "\t") -> Rows:
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
        pairs = [line.rstrip("\n").split(separator, 1) for line in file if separator in line]
    labels = np.array([_NAMES.get(label.strip(), label.strip()) for label, _ in pairs])
    return Rows(pd.DataFrame({"text": [text.strip() for _, text in pairs]}), labels)


def domain(data: Path, name: str, part: str) -> Rows:
    """Reviews of one domain; part: train, test or unlabel."""
    return _texts(data / "fdu_mtl_sentiment" / f"{name}.{part}.gz")


def _spam(data: Path, seed: int) -> Rows:
    rows = _texts(data / "sms_spam" / "SMSSpamCollection.tsv.gz")
    return rows.with_labels(relabel_at_random(rows.y, np.array(list(_NAMES.values())), seed))


def _load(target: str, data: Path, seed: int) -> Parts:
    test = domain(data, target, "test")
    train, _ = split_labelled(distinct(domain(data, target, "train"), test), LABELLED, seed)
    sources = {name: domain(data, name, "train") for name in sources_of(target)}
    return Parts(train, test, sources, unrelated=_spam(data, seed))


RECIPES = {name: Recipe(f"sentiment-{name}", partial(_load, name)) for name in DOMAINS}
