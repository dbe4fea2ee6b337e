"""What a name stands for: asks every reader and every zoo."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

from autotransfer.errors import InputError
from autotransfer.loading.plain import plain_data
from autotransfer.problem import RawData, ReadOptions
from autotransfer.readers import FORMS
from autotransfer.task import Source

Given: TypeAlias = str | Path | RawData
"""A data set as the user gives it."""

MODELS = ("timm:MODEL", "sentence:MODEL", "hf:MODEL", "zoo:NAME", "run:DIR")


def resolve_data(given: Given, options: ReadOptions, hook: Any) -> RawData:
    """The rows that ``given`` names.

    :param hook: pluggy relay with ``read_dataset(uri=, options=)``.
    :raises InputError: no reader takes the form, or the data are unusable.
    """
    if isinstance(given, RawData):
        return plain_data(given)
    _refuse_objects(given)
    found = hook.read_dataset(uri=str(given), options=options)
    if found is None:
        raise InputError(f"{given}: {_known(given)}; a data set is {'; '.join(FORMS)}")
    return _raw(given, found)


def resolve_source(given: Given | Source, options: ReadOptions, hook: Any) -> RawData | Source:
    """The model or the rows that ``given`` names.

    :param hook: as for :func:`resolve_data`, with ``open_source(uri=)`` besides.
    :raises InputError: neither a zoo nor a reader takes the form, or the data are unusable.
    """
    if isinstance(given, Source):
        return given
    if isinstance(given, RawData):
        return plain_data(given)
    _refuse_objects(given)
    model = hook.open_source(uri=str(given))
    if isinstance(model, Source):
        return model
    found = hook.read_dataset(uri=str(given), options=options)
    if found is None:
        forms = "; ".join((*FORMS, f"a model with an installed plugin ({', '.join(MODELS)})"))
        raise InputError(f"{given}: {_known(given)}; a source is {forms}")
    return _raw(given, found)


def _refuse_objects(given: object) -> None:
    if not isinstance(given, str | Path):
        raise InputError(
            f"a {type(given).__name__} is no data set: give a path, or RawData(name, modality, inputs, labels)"
        )


def _raw(given: Given, found: object) -> RawData:
    if not isinstance(found, RawData):
        raise InputError(f"{given}: its reader returned {type(found).__name__}, not RawData; update that plugin")
    return found


def _known(given: object) -> str:
    try:
        exists = Path(str(given)).expanduser().exists()
    except (OSError, ValueError):
        exists = False
    return "no reader takes this form" if exists else "no such file, and no reader takes this form"
