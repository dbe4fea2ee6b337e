"""What a data set is about, from its published class list: a stand-in for label overlap where rows are not at hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FEATURES = ("target classes covered", "source classes in use")


@dataclass(frozen=True)
class Card:
    """Number of classes by topic."""

    name: str
    topics: Mapping[str, int]

    @property
    def classes(self) -> int:
        """How many in all."""
        return sum(self.topics.values())


@cache
def _file() -> tuple[Mapping[str, str], Mapping[str, Card]]:
    content = json.loads(Path(__file__).with_name("cards.json").read_text(encoding="utf-8"))
    return content["names"], {name: Card(name, card["topics"]) for name, card in content["cards"].items()}


def card(name: str) -> Card:
    """By any spelling that the outcome tables use. Raises ``KeyError``."""
    spelled, cards = _file()
    return cards[spelled.get(name.lower(), name.lower())]


def relation(source: str, target: str) -> tuple[float, float]:
    """:data:`FEATURES`, each 0 to 1: the share of the target's classes for which the source has one of the same topic,
    each of its classes counted once; and the share of the source's classes whose topic the target has."""
    theirs, ours = card(source), card(target)
    covered = sum(min(theirs.topics.get(topic, 0), count) for topic, count in ours.topics.items())
    used = sum(count for topic, count in theirs.topics.items() if topic in ours.topics)
    return covered / ours.classes, used / theirs.classes
