"""Texts in two languages: which sources are in another one than the target, and what translates between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autotransfer.assets import Asset
from autotransfer.bridge import Bridge, no_pairs, words
from autotransfer.data import Array, Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.loading.parallel import read_pairs
from autotransfer.loading.target import TargetRows
from autotransfer.loading.translator import translations
from autotransfer.settings import Settings
from autotransfer.task import Source

_OTHER, _NEARLY_SAME = 0.5, 0.9
"""Of the running words that one half of the target's texts knows of the other, a source in another language knows less
than the first share; less than the second where the user says that there are two languages."""
_MOST = 4000
"""Texts of either side that are looked at, evenly spaced."""

Counts = Counter[str]


@dataclass(frozen=True, eq=False)
class Tongues:
    """:param sources: with ``OTHER_LANGUAGE`` offered where it is so. :param notes: as ever."""

    sources: tuple[Source, ...]
    bridge: Bridge | None
    notes: tuple[str, ...] = ()


def find_tongues(sources: Sequence[Source], rows: TargetRows, settings: Settings) -> Tongues:
    """Raises ``InputError`` for a file of pairs or a translator that cannot be used."""
    given = [f"--{name}" for name in ("parallel", "dictionary", "translator") if getattr(settings, name) is not None]
    if rows.form.like.modality is not Modality.TEXT:
        if given:
            raise InputError(f"{given[0]}: it is for texts, the target holds {rows.form.like.modality}; leave it out")
        return Tongues(tuple(sources), None)
    here = _counts(part for part in (rows.train, rows.unlabeled) if part is not None)
    limit = (_NEARLY_SAME if given else _OTHER) * _known_to_itself(rows)
    found, there = [], Counter[str]()
    notes: list[str] = []
    for source in sources:
        counts = _counts([source.data]) if source.data is not None else Counter[str]()
        share = _known(here, counts)
        if source.data is None or share >= limit:
            found.append(source)
            continue
        found.append(replace(source, offers=source.offers | Asset.OTHER_LANGUAGE))
        there += counts
        notes.append(f"{source.name}: it knows {share:.0%} of the target's words, so it is taken for another language")
    others = [source.rows for source in found if Asset.OTHER_LANGUAGE in source.offers]
    if given and not others:
        raise InputError(f"{given[0]}: no source with texts in another language than the target's; name it by --source")
    bridge, more = _bridge(settings, (there, here), others)
    return Tongues(tuple(found), bridge, (*notes, *more))


def _bridge(
    settings: Settings, sides: tuple[Counts, Counts], others: Sequence[Dataset]
) -> tuple[Bridge | None, tuple[str, ...]]:
    sentences, notes = _pairs("--parallel", settings.parallel, sides)
    entries, more = _pairs("--dictionary", settings.dictionary, sides)
    translated = {} if settings.translator is None else translations(settings.translator, others, settings.budget)
    bridge = Bridge(sentences, entries, translated)
    return bridge if bridge.offers() else None, (*notes, *more)


def _pairs(option: str, uri: str | None, sides: tuple[Counts, Counts]) -> tuple[Array, tuple[str, ...]]:
    """The pairs, the source's language first, whichever column it stands in."""
    if uri is None:
        return no_pairs(), ()
    pairs, notes = read_pairs(option, uri)
    left, right = (Counter(word for text in pairs[:, side] for word in words(text)) for side in (0, 1))
    there, here = sides
    as_given = _known(left, there) + _known(right, here)
    turned = _known(right, there) + _known(left, here)
    if max(as_given, turned) == 0:
        raise InputError(f"{option} {uri}: no word of it stands in the sources or in the target; give their languages")
    if turned > as_given:
        return pairs[:, ::-1], (*notes, f"{uri}: its second column is in the sources' language, so it was turned round")
    return pairs, notes


def _counts(parts: Any) -> Counts:
    return Counter(word for part in parts for text in _some(part) for word in words(str(text)))


def _some(part: Dataset) -> Array:
    texts = np.asarray(part.inputs, dtype=object)
    return texts if len(texts) <= _MOST else texts[np.linspace(0, len(texts) - 1, _MOST).astype(np.int64)]


def _known(running: Counts, vocabulary: Counts) -> float:
    """Share of running words that stand in a vocabulary; 0 where there are none."""
    total = running.total()
    return sum(count for word, count in running.items() if word in vocabulary) / total if total else 0.0


def _known_to_itself(rows: TargetRows) -> float:
    """The share that every second text knows of the others."""
    parts = [part for part in (rows.train, rows.unlabeled) if part is not None]
    even, odd = (_counts(part.take(np.arange(start, len(part), 2)) for part in parts) for start in (0, 1))
    return _known(even, odd)
