"""Data sets that serve as targets of the shipped experience, and what may help them.

None of them is a target of ``main_job``: of the reviews books, dvd, electronics and kitchen_housewares are left out, of
the objects dslr and webcam, of the wines red, of the digits USPS, and all of the hospitals and newsgroups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd

from benchmarks.experiencing import more
from benchmarks.experiencing.shifts import near_and_far
from benchmarks.tasks import adult, digits, office, sentiment, wine
from benchmarks.tasks.rows import Rows

Load: TypeAlias = Callable[[Path], Rows]


@dataclass(frozen=True)
class Population:
    """A data set as a target.

    :param name: of the data set. ``family``: data sets of one kind, or with rows in common.
    :param split: gives target and source by a constructed shift of one data set; None where there are real ``sources``.
    """

    name: str
    family: str
    load: Load
    sources: Mapping[str, Load] = field(default_factory=dict)
    metric: str = "accuracy"
    split: Callable[[Rows], tuple[Rows, Rows]] | None = None

    @property
    def images(self) -> bool:
        """Whether its rows are pictures, which networks of the zoo take."""
        return self.family in ("styles", "digits", "x-rays")


_REVIEWS = [name for name in sentiment.DOMAINS if name not in ("books", "dvd", "electronics", "kitchen_housewares")]
_TRADES = (
    "Exec-managerial",
    "Prof-specialty",
    "Sales",
    "Craft-repair",
    "Adm-clerical",
    "Other-service",
    "Machine-op-inspct",
    "Transport-moving",
)
_TARGETS = 3
"""Languages that are targets; all seven are sources. Another language seldom helps, and with more of them more than two
arms of five of the experience would lose."""
_LANGUAGES = ("hau", "yor", "ibo", "swa", "pcm", "por", "kin")


def _after(names: tuple[str, ...] | list[str], name: str, count: int = 2) -> list[str]:
    """The names that follow in the list, cyclically."""
    start = names.index(name) + 1
    return [names[(start + step) % len(names)] for step in range(count)]


def _review(name: str, data: Path) -> Rows:
    return sentiment.domain(data, name, "train")


@lru_cache(maxsize=1)
def _people(data: Path) -> pd.DataFrame:
    return adult.people(data)


def _trade(name: str, data: Path) -> Rows:
    return adult.group(_people(data), "occupation", name)


def _hours(name: str, data: Path) -> Rows:
    table = _people(data)
    table = table[table.occupation == name].drop(columns="occupation")
    return Rows(table.drop(columns="hours-per-week"), table["hours-per-week"].to_numpy(float), "hours-per-week")


def _good_wine(name: str, data: Path) -> Rows:
    rows = wine.colour(data, name)
    return rows.with_labels(np.where(rows.y >= 6, "good", "poor"))


def _wine(name: str, data: Path) -> Rows:
    return wine.colour(data, name)


def _object(name: str, data: Path) -> Rows:
    return office.domain(data, name)


def _digits(data: Path) -> Rows:
    return digits.sklearn_digits()


def _among(
    names: tuple[str, ...] | list[str], family: str, load: Callable[[str, Path], Rows], metric: str = "accuracy"
) -> tuple[Population, ...]:
    return tuple(
        Population(
            f"{family}-{name}", family, partial(load, name), {s: partial(load, s) for s in _after(names, name)}, metric
        )
        for name in names
    )


def _shifted(
    names: tuple[str, ...], family: str, load: Callable[[str, Path], Rows], metric: str = "accuracy"
) -> tuple[Population, ...]:
    return tuple(
        Population(f"{family}-{n}", family, partial(load, n), metric=metric, split=near_and_far) for n in names
    )


POPULATIONS: tuple[Population, ...] = (
    *_among(_REVIEWS, "reviews", _review),
    *_among(_TRADES, "income", _trade),
    *_among(_TRADES[:3], "income", _hours, "rmse"),
    *_among(_LANGUAGES, "tweets", more.tweets)[:_TARGETS],
    *_among(more.STYLES, "styles", more.drawings),
    *_among(more.NETWORKS, "papers", more.papers),
    *_among(more.SCHOOLS, "schools", more.schools, "rmse"),
    *(
        Population(f"objects-{n}", "objects", partial(_object, n), {o: partial(_object, o)})
        for n, o in (("amazon", "Caltech10"), ("Caltech10", "amazon"))
    ),
    Population("digits-mnist", "digits", digits.mnist, {"digits": _digits}),
    Population("digits-sklearn", "digits", _digits, {"mnist": digits.mnist}),
    Population("wine-white", "wine", partial(_good_wine, "white"), {"red": partial(_good_wine, "red")}),
    Population("wine-white", "wine", partial(_wine, "white"), {"red": partial(_wine, "red")}, "rmse"),
    *_shifted(("breast_cancer", "wine"), "sklearn", more.sklearn_rows),
    *_shifted(("diabetes",), "sklearn", more.sklearn_rows, "rmse"),
    *_shifted(("ItalyPowerDemand", "OSULeaf", "GunPoint"), "series", more.series),
    *_shifted(("spam",), "messages", more.messages),
    *_shifted(("pneumonia",), "x-rays", more.x_rays),
)
