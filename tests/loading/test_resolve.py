"""Names are put to zoos first, then to readers."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.loading.resolve import resolve_data, resolve_source
from autotransfer.problem import RawData, ReadOptions
from autotransfer.task import Source

ROWS = RawData("rows", Modality.FEATURES, np.ones((2, 2), np.float32))
MODEL = Source("model", Asset.PRETRAINED)


class Relay:
    """What plugins would answer."""

    def read_dataset(self, *, uri, options):
        return {"rows": ROWS, "both": ROWS, "wrong": [1, 2]}.get(uri)

    def open_source(self, *, uri):
        return {"model": MODEL, "both": MODEL}.get(uri)


def test_who_answers():
    assert resolve_data("rows", ReadOptions(), Relay()) is ROWS
    assert resolve_source("rows", ReadOptions(), Relay()) is ROWS
    assert resolve_source("model", ReadOptions(), Relay()) is MODEL
    assert resolve_source("both", ReadOptions(), Relay()) is MODEL
    assert resolve_source(MODEL, ReadOptions(), Relay()) is MODEL


@pytest.mark.parametrize("resolve", [resolve_data, resolve_source])
def test_a_reader_that_returns_something_else_is_named(resolve):
    with pytest.raises(InputError, match="wrong: its reader returned list, not RawData; update that plugin"):
        resolve("wrong", ReadOptions(), Relay())


def test_a_model_is_no_target():
    with pytest.raises(InputError, match="model: no such file, and no reader takes this form; a data set is"):
        resolve_data("model", ReadOptions(), Relay())
