from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.errors import InputError
from autotransfer.pretrained.entry import save_entry
from autotransfer.pretrained.plugin import open_source

from .conftest import CLASSES, images, random_network


def test_a_network_with_labels_is_an_encoder_and_a_head(entry: Path) -> None:
    """The head is the softmax of the linear map of the encoder's features."""
    source = open_source(f"zoo:{entry}")
    assert source.offers == Asset.PRETRAINED | Asset.TRAINABLE | Asset.SOURCE_HEAD
    assert source.classes == CLASSES
    weight, bias = source.encoder.head()
    scores = source.encoder.fit(images()).transform(images()) @ weight.T + bias
    expected = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(source.head.predict(images()), expected, rtol=1e-5)
    again = type(source.head).restore(source.head.state())
    np.testing.assert_allclose(again.predict(images()), expected, rtol=1e-5)


def test_a_network_without_labels_is_an_encoder(tmp_path: Path) -> None:
    save_entry(tmp_path / "bare", {"name": "bare"}, random_network(head=False))
    source = open_source(f"zoo:{tmp_path / 'bare'}")
    assert source.offers == Asset.PRETRAINED | Asset.TRAINABLE
    assert source.head is None


@pytest.mark.parametrize(
    ("rest", "words"), [("", "no model named"), ("nothing-like-it", "no such model"), ("/no", "card")]
)
def test_what_cannot_be_a_model_is_refused(rest: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        open_source(f"zoo:{rest}")


def test_other_forms_are_left_to_others() -> None:
    assert open_source("sentence:all-minilm-l6-v2") is None
    assert open_source("file.csv") is None
