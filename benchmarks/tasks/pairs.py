"""Labelled sources with targets whose labels are for the judge alone: what validators are measured on.

None of the targets is one that a bar for methods is set on: of the reviews, kitchen_housewares and electronics are
left out, of the digits USPS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np

from benchmarks.tasks import adult, digits, heart, newsgroups, office, sentiment, wine
from benchmarks.tasks.rows import Rows, distinct

MOST_ROWS = 500
"""Rows of each side; more are drawn by seed."""

Load: TypeAlias = Callable[[Path, int], tuple[Rows, Rows]]
"""(data folder, seed) -> source and target."""


@dataclass(frozen=True)
class Pair:
    """:param family: pairs of one family share their data: what is learned on some says much of the others."""

    name: str
    family: str
    load: Load
    metric: str = "accuracy"

    @property
    def regression(self) -> bool:
        """True when the labels are values."""
        return self.metric == "rmse"

    def rows(self, data: Path, seed: int) -> tuple[Rows, Rows]:
        """Source and target, at most ``MOST_ROWS`` each, no copies."""
        rng = np.random.default_rng(seed)
        source, target = self.load(data, seed)
        target = distinct(target)
        source = distinct(source, target)
        return _some(source, rng), _some(target, rng)


def _some(rows: Rows, rng: np.random.Generator) -> Rows:
    return rows.take(rng.permutation(len(rows))[:MOST_ROWS])


def _objects(source: str, target: str, data: Path, seed: int) -> tuple[Rows, Rows]:
    return office.domain(data, source), office.domain(data, target)


def _reviews(source: str, target: str, data: Path, seed: int) -> tuple[Rows, Rows]:
    return sentiment.domain(data, source, "train"), sentiment.domain(data, target, "train")


def _patients(source: str, target: str, data: Path, seed: int) -> tuple[Rows, Rows]:
    return heart.hospital(data, source), heart.hospital(data, target)


def _posts(pair: str, data: Path, seed: int) -> tuple[Rows, Rows]:
    return newsgroups.part_of(data, pair, "t1"), newsgroups.part_of(data, pair, "t2")


def _images(source: str, data: Path, seed: int) -> tuple[Rows, Rows]:
    pair = digits.sklearn_digits(), digits.mnist(data)
    return pair if source == "digits" else pair[::-1]


def _wines(source: str, target: str, classes: bool, data: Path, seed: int) -> tuple[Rows, Rows]:
    """As values, or as good (6 and more) and poor wine, about half of them each."""
    pair = wine.colour(data, source), wine.colour(data, target)
    if not classes:
        return pair
    return pair[0].with_labels(_good(pair[0].y)), pair[1].with_labels(_good(pair[1].y))


def _good(quality: np.ndarray) -> np.ndarray:
    return np.where(quality >= 6, "good", "poor")


def _people(column: str, source: str, target: str, data: Path, seed: int) -> tuple[Rows, Rows]:
    table = adult.people(data)
    return adult.group(table, column, source), adult.group(table, column, target)


def _hours(column: str, source: str, target: str, data: Path, seed: int) -> tuple[Rows, Rows]:
    """Hours of work a week, as a value."""
    table = adult.people(data)
    hours, people = table["hours-per-week"].to_numpy(dtype=float), table.drop(columns=["hours-per-week", column])
    there, here = (
        Rows(people, hours, "hours-per-week").take(np.flatnonzero(table[column] == v)) for v in (source, target)
    )
    return there, here


def _schools(source: slice, target: slice, data: Path, seed: int) -> tuple[Rows, Rows]:
    """Exam scores of pupils of other schools (Bakker & Heskes, JMLR 2003)."""
    with np.load(data / "school_ilea" / "school.npz") as file:
        X, y, task = file["X"].astype(np.float32), file["y"].ravel().astype(float), file["task"].ravel()
    order = np.unique(task)
    parts = [np.isin(task, order[which]) for which in (source, target)]
    return Rows(X[parts[0]], y[parts[0]]), Rows(X[parts[1]], y[parts[1]])


_OBJECTS = (
    ("amazon", "webcam"),
    ("webcam", "amazon"),
    ("Caltech10", "dslr"),
    ("dslr", "Caltech10"),
    ("amazon", "Caltech10"),
    ("webcam", "dslr"),
)
_REVIEWS = (
    ("apparel", "baby"),
    ("MR", "imdb"),
    ("music", "video"),
    ("toys_games", "sports_outdoors"),
    ("magazines", "software"),
    ("health_personal_care", "camera_photo"),
)
_PATIENTS = (
    ("cleveland", "hungarian"),
    ("hungarian", "cleveland"),
    ("cleveland", "va"),
    ("va", "cleveland"),
    ("hungarian", "va"),
    ("va", "switzerland"),
)
_PEOPLE = (
    ("workclass", "Self-emp-not-inc", "Self-emp-inc"),
    ("workclass", "Private", "Federal-gov"),
    ("sex", "Male", "Female"),
    ("sex", "Female", "Male"),
)
_WINES = (("red", "white"), ("white", "red"))
_SCHOOLS = ((slice(0, 40), slice(40, 80)), (slice(100, 139), slice(0, 40)))

PAIRS = (
    *(Pair(f"surf-{s}-{t}".lower(), "objects", partial(_objects, s, t)) for s, t in _OBJECTS),
    *(Pair(f"sentiment-{s}-{t}", "reviews", partial(_reviews, s, t)) for s, t in _REVIEWS),
    *(Pair(f"heart-{s}-{t}", "patients", partial(_patients, s, t)) for s, t in _PATIENTS),
    *(Pair(f"newsgroups-{p.replace('_', '-')}", "posts", partial(_posts, p)) for p in newsgroups.PAIRS),
    Pair("digits-mnist", "digits", partial(_images, "digits")),
    Pair("mnist-digits", "digits", partial(_images, "mnist")),
    *(Pair(f"wine-{s}-{t}", "wine", partial(_wines, s, t, True)) for s, t in _WINES),
    *(Pair(f"income-{s}-{t}".lower(), "census", partial(_people, c, s, t)) for c, s, t in _PEOPLE),
    *(Pair(f"quality-{s}-{t}", "wine", partial(_wines, s, t, False), "rmse") for s, t in _WINES),
    *(Pair(f"hours-{s}-{t}".lower(), "census", partial(_hours, c, s, t), "rmse") for c, s, t in _PEOPLE),
    *(Pair(f"schools-{k}", "schools", partial(_schools, s, t), "rmse") for k, (s, t) in enumerate(_SCHOOLS, start=1)),
)
QUICK = (
    "surf-amazon-webcam",
    "sentiment-apparel-baby",
    "heart-cleveland-hungarian",
    "digits-mnist",
    "wine-red-white",
    "quality-red-white",
)
