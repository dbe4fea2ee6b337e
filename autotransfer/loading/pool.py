"""All sources with the target's labels as one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import concatenate
from autotransfer.loading.names import unique_name
from autotransfer.task import Source

NAME = "all"


def pooled_source(sources: Sequence[Source], taken: Collection[str]) -> tuple[Source | None, tuple[str, ...]]:
    """The rows of every source that shares the target's labels, ``domain`` telling which; None for fewer than two.

    :param taken: names that are in use.
    """
    needed = Asset.SOURCE_INPUTS | Asset.SHARED_LABELS
    parts = [source for source in sources if needed in source.offers and source.data is not None]
    if len(parts) < 2:
        return None, ()
    forms = {(np.shape(part.rows.inputs)[1:], getattr(part.rows.inputs, "dtype", None)) for part in parts}
    if len(forms) > 1 and not all(hasattr(part.rows.inputs, "columns") for part in parts):
        return None, ("the sources' images differ in form (files, or arrays of several sizes), so they are not pooled",)
    name = unique_name(NAME, taken)
    data = concatenate(name, [part.rows for part in parts], mark_domains=True)
    shared = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    if all(Asset.OTHER_LANGUAGE in part.offers for part in parts):
        shared |= Asset.OTHER_LANGUAGE
    return Source(name, shared, data, parts[0].classes), ()
