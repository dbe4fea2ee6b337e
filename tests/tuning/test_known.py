from __future__ import annotations

import pytest

from autotransfer.errors import InputError
from autotransfer.pretrained.zoo_encoder import ZooImages
from autotransfer.testing.networks import ToyImageNetwork
from autotransfer.trainable import Trainable
from autotransfer.tuning import Change
from autotransfer.tuning.known import described, known
from tests.tuning.changes import Added


@pytest.mark.parametrize("value", [ToyImageNetwork(), ZooImages("some-net", "abc"), Added(0.25)], ids=repr)
def test_there_and_back(value: object) -> None:
    family, name = (Change, "kind") if isinstance(value, Change) else (Trainable, "name")
    assert known(family, name, described(value, name)) == value


@pytest.mark.parametrize("word", ["os", "builtins:eval", "autotransfer.testing.networks"])
def test_what_is_not_loaded_is_refused(word: str) -> None:
    with pytest.raises(InputError, match="which no installed plugin brings; install"):
        known(Trainable, "name", {"name": word, "params": {}})


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(InputError, match="has no setting 'evil'"):
        known(Change, "kind", {"name": "added", "params": {"evil": 1}})
