"""Which tasks the benchmarks run. The development list has other targets, so that nothing is tuned on the main one."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.tasks import heart, newsgroups, office, sentiment, wine
from benchmarks.tasks.adult import ADULT
from benchmarks.tasks.digits import MNIST, USPS
from benchmarks.tasks.poison import POISONS
from benchmarks.tasks.task import Recipe

QUICK_MAIN = (
    "heart-cleveland",
    "heart-va",
    "sentiment-books",
    "usps",
    "surf-dslr",
    "wine-red",
    "newsgroups-rec-vs-talk",
    "heart-hungarian/shuffled",
    "sentiment-dvd/flipped",
    "surf-dslr/unrelated",
    "wine-red/flipped",
)
QUICK_DEV = ("sentiment-apparel", "surf-amazon", "adult-self-employed", "wine-white", "wine-white/flipped")


def _ruined(recipes: Iterable[Recipe]) -> tuple[Recipe, ...]:
    return tuple(recipe.poisoned(poison) for recipe in recipes for poison in POISONS)


def main_tasks() -> tuple[Recipe, ...]:
    """Fourteen targets, and four of them, one of each form of data, with ruined sources in three ways."""
    reviews = [sentiment.RECIPES[name] for name in ("books", "dvd", "electronics", "kitchen_housewares")]
    objects = [office.RECIPES[name] for name in ("dslr", "webcam")]
    honest = (*heart.RECIPES.values(), *reviews, USPS, *objects, wine.RECIPES["red"], *newsgroups.RECIPES.values())
    return honest + _ruined([heart.RECIPES["hungarian"], reviews[1], objects[0], wine.RECIPES["red"]])


def dev_tasks() -> tuple[Recipe, ...]:
    """Nine targets that the main list does not have, and four of them with ruined sources."""
    reviews = [sentiment.RECIPES[name] for name in ("apparel", "toys_games", "MR", "video")]
    objects = [office.RECIPES[name] for name in ("amazon", "Caltech10")]
    honest = (*reviews, *objects, ADULT, MNIST, wine.RECIPES["white"])
    return honest + _ruined([reviews[0], objects[0], ADULT, wine.RECIPES["white"]])
