from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autotransfer.errors import InputError
from autotransfer.features import FeatureCache, default_folder
from autotransfer.pretrained.head import LinearHead
from autotransfer.pretrained.zoo_encoder import FittedZoo
from autotransfer.pretrained.zoo_source import open_zoo_source

from .conftest import images, random_network


def test_probabilities_sum_to_one_however_large_the_scores_are() -> None:
    network = random_network()
    weight, bias = network.head()
    found = LinearHead(FittedZoo(network), weight * 1e4, bias).predict(images())
    assert found.shape == (5, 3)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert LinearHead(FittedZoo(network), weight, bias).predict(images(0)).shape == (0, 3)


def test_a_state_of_an_unknown_kind_is_refused() -> None:
    network = random_network()
    state = LinearHead(FittedZoo(network), *network.head()).state()
    with pytest.raises(InputError, match="not known"):
        LinearHead.restore({**state, "kind": "Other"})


def test_rows_are_encoded_once_whoever_asks(entry: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A head that was opened as a source's looks features up in the cache, where its encoder's are kept too."""
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path / "cache"))
    source = open_zoo_source(f"zoo:{entry}")
    expected = source.head.predict(images())
    monkeypatch.setattr(FittedZoo, "transform", lambda fitted, data: pytest.fail("encoded again"))
    np.testing.assert_array_equal(open_zoo_source(f"zoo:{entry}").head.predict(images()), expected)
    features = FeatureCache(default_folder()).encode(source.encoder, images(), images())
    assert features.shape == (5, source.encoder.head()[0].shape[1])
