"""Short reviews in English and German, put together from words of our own: a target, a source, and translations."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array, Modality
from autotransfer.problem import RawData

_THINGS = (
    "the soup|die Suppe, the bread|das Brot, the coffee machine|die Kaffeemaschine, the waitress|die Kellnerin, "
    "the music|die Musik, the room|das Zimmer, the bed|das Bett, the window|das Fenster, the terrace|die Terrasse, "
    "the breakfast|das Frühstück, the bill|die Rechnung, the reception|die Rezeption, the towel|das Handtuch, "
    "the bathroom|das Bad, the meat|das Fleisch, the sauce|die Soße, the fruit|das Obst, the kitchen|die Küche, "
    "the location|die Lage, the street|die Straße, the parking garage|die Tiefgarage, the pizza|die Pizza"
)
_GOOD = (
    "warm|warm, clean|sauber, delicious|köstlich, friendly|freundlich, quiet|ruhig, wonderful|wunderbar, "
    "lovely|reizend, cheap|günstig, bright|hell, spacious|geräumig, comfortable|bequem, perfect|perfekt, "
    "excellent|ausgezeichnet, charming|bezaubernd, beautiful|schön, fresh|frisch, modern|modern, nice|nett, "
    "great|großartig, impressive|beeindruckend"
)
_BAD = (
    "cold|kalt, dirty|schmutzig, inedible|ungenießbar, rude|unhöflich, loud|laut, terrible|schrecklich, "
    "disgusting|ekelhaft, expensive|teuer, dark|düster, cramped|eng, broken|kaputt, wrong|falsch, "
    "disappointing|enttäuschend, boring|langweilig, ugly|hässlich, stale|altbacken, dated|veraltet, bad|schlecht, "
    "awful|furchtbar, annoying|ärgerlich"
)
_MANNERS = "really|wirklich, quite|recht, always|immer, again|wieder, today|heute, simply|einfach, yesterday|gestern"
_PLACES = ("Adler", "Bellevue", "Central", "Europa", "Garni", "Krone", "Meridian", "Royal")
"""Names, which are the same in both languages."""
CLASSES = ("bad", "good")
_ROWS = {"crosslingual": (40, 160), "crosslingual-english": (240, 0), "crosslingual-test": (150, 0)}
"""Name after ``demo:`` -> rows with a label, and without."""
_PARALLEL = 250


def reviews(name: str) -> RawData:
    """``crosslingual`` and its test rows are in German, ``crosslingual-english`` is what its name says."""
    labelled, more = _ROWS[name]
    side = 0 if name.endswith("english") else 1
    rng = np.random.default_rng([list(_ROWS).index(name), 11])
    made = [_review(rng) for _ in range(labelled + more)]
    texts = np.array([pair[side] for pair, _ in made], dtype=object)
    labels = np.array([label if n < labelled else None for n, (_, label) in enumerate(made)], dtype=object)
    return RawData(name, Modality.TEXT, texts, labels, label="label")


def pairs(name: str) -> Array:
    """Object (n, 2): sentences or words, English first."""
    if name.endswith("dictionary"):
        return np.array([pair for part in (_GOOD, _BAD, _MANNERS) for pair in _entries(part)], dtype=object)
    rng = np.random.default_rng(12)
    return np.array([_review(rng)[0] for _ in range(_PARALLEL)], dtype=object)


def _review(rng: np.random.Generator) -> tuple[tuple[str, str], str]:
    """The same in both languages, and its class; one clause in six says the opposite."""
    good = bool(rng.integers(2))
    clauses = [_clause(rng, good != (rng.random() < 1 / 6)) for _ in range(int(rng.integers(1, 4)))]
    place = str(rng.choice(_PLACES))
    english, german = (" ".join([f"{place}:", *(clause[side] for clause in clauses)]) for side in (0, 1))
    return (english, german), CLASSES[good]


def _clause(rng: np.random.Generator, good: bool) -> tuple[str, str]:
    thing, manner, quality = (_drawn(rng, part) for part in (_THINGS, _MANNERS, _GOOD if good else _BAD))
    frames = (("{0} was {1} {2}.", "{0} war {1} {2}."), ("We found {0} {1} {2}.", "Wir fanden {0} {1} {2}."))
    frame = frames[int(rng.integers(2))]
    english, german = (
        words.format(*parts) for words, parts in zip(frame, zip(thing, manner, quality, strict=True), strict=True)
    )
    return english[0].upper() + english[1:], german[0].upper() + german[1:]


def _drawn(rng: np.random.Generator, part: str) -> tuple[str, str]:
    found = _entries(part)
    return found[int(rng.integers(len(found)))]


def _entries(part: str) -> list[tuple[str, str]]:
    split = (entry.strip().split("|") for entry in part.split(","))
    return [(english, german) for english, german in split]
