"""Sources of image-text pairs: what their captions say of the target's classes, and pretrained encoders for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset, concatenate
from autotransfer.loading.columns import listed
from autotransfer.loading.goal import Goal
from autotransfer.task import Source

LABELED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


@dataclass(frozen=True, eq=False)
class Paired:
    """:param sources: with what was made of pairs. :param skipped: sources that are of no use, and why."""

    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()


def named_pairs(sources: Sequence[Source], goal: Goal, labels: Array) -> Paired:
    """Rows whose caption names one class of the target alone are rows of that class.

    Beside labelled target rows they are a source of their own, and the pairs stay as they are: not, however, where a
    class without labelled rows is never named, for classes that are held out in its place would be. Where the target
    has no label they take the place of the pairs, since only rows of known classes can tell how good a model is.

    :param labels: of the labelled target rows.
    """
    found = [_taken(source, goal.classes, labels) for source in sources if goal.classes is not None]
    return Paired(
        tuple(source for each in found for source in each.sources) if found else tuple(sources),
        tuple(note for each in found for note in each.notes),
        tuple(reason for each in found for reason in each.skipped),
    )


def _taken(source: Source, classes: tuple[str, ...] | None, labels: Array) -> Paired:
    """What one source becomes."""
    if classes is None or Asset.PAIRS not in source.offers or Asset.SOURCE_LABELS in source.offers:
        return Paired((source,))
    y = named_classes(source.captions, classes)
    named = np.unique(y[y >= 0])
    told = f"{source.name}: {(y >= 0).sum()} of {len(y)} captions name one class of the target"
    as_rows = f"{told}; those images are taken as rows of these classes"
    if not len(labels):
        if len(named) < 2:
            words = f"{told}, and two classes at least must be where no row has a label"
            return Paired((), (), ((source.name, words),))
        return Paired((_named(source, y, classes, alone=True),), (as_rows,))
    never = [name for index, name in enumerate(classes) if index not in {*named.tolist(), *labels.tolist()}]
    if never:
        words = f"{source.name}: no caption names {listed(never)}, of which there is no labelled row either; scores of"
        return Paired((source,), (f"{words} classes held out in their place, which captions may name, flatter them",))
    return Paired((source, _named(source, y, classes)), (as_rows,)) if len(named) > 1 else Paired((source,), (told,))


def with_encoders(sources: Sequence[Source]) -> Paired:
    """Pretrained encoders with the rows of all pairs beside them, so that methods for pairs can build on each."""
    pairs = [source for source in sources if Asset.PAIRS in source.offers]
    models = [source for source in sources if source.encoder is not None and source.data is None]
    if not pairs or not models or len({np.shape(source.rows.inputs)[1:] for source in pairs}) > 1:
        return Paired(tuple(sources))
    rows = concatenate(" + ".join(source.name for source in pairs), [source.rows for source in pairs])
    joined = {source.name: _joined(source, pairs[0], rows) for source in models}
    notes = tuple(f"{name}: it encodes the pairs of {rows.name} as well" for name in joined)
    return Paired(tuple(joined.get(source.name, source) for source in sources), notes)


def named_classes(captions: Array, classes: Sequence[str]) -> Array:
    """int64 (n,): the class that a caption names, as whole words and in any number, and -1 where it is none or several.

    :param captions: (n,) of ``str``.
    """
    names = [re.sub(r"[\W_]+", " ", name.lower()).strip() for name in classes]
    patterns = [re.compile(rf"\b{re.escape(name)}(?:s|es)?\b") for name in names]
    texts = [re.sub(r"[\W_]+", " ", str(caption).lower()) for caption in captions]
    hits = np.array([[pattern.search(text) is not None for pattern in patterns] for text in texts], dtype=bool)
    hits = hits.reshape(len(texts), len(names))
    return np.where(hits.sum(axis=1) == 1, hits.argmax(axis=1), -1).astype(np.int64)


def _named(source: Source, y: Array, classes: tuple[str, ...], *, alone: bool = False) -> Source:
    """The named rows. ``alone``: with their captions, in place of the source."""
    data = replace(source.rows.take(y >= 0), y=y[y >= 0])
    if alone:
        return replace(source, offers=source.offers | LABELED, data=data, classes=classes)
    name = f"{source.name} by name"
    return Source(name, LABELED, replace(data, name=name, captions=None), classes)


def _joined(model: Source, pairs: Source, rows: Dataset) -> Source:
    """The model with rows. Where these have labels, the model's own head and its classes give way to them."""
    offers, name = model.offers | Asset.SOURCE_INPUTS | Asset.PAIRS, f"{model.name} + {rows.name}"
    if rows.y is None:
        return replace(model, name=name, offers=offers, data=rows)
    offers = (offers | LABELED) & ~Asset.SOURCE_HEAD
    return replace(model, name=name, offers=offers, data=rows, head=None, classes=pairs.classes)
