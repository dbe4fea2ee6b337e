from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.pretrained.entry import load_entry, save_entry
from autotransfer.pretrained.zoo_encoder import ZooImages, ZooTexts
from autotransfer.testing import check_encoder
from autotransfer.trainable import Trainable

from .conftest import images, random_network


@pytest.fixture
def encoder(entry: Path) -> ZooImages:
    return ZooImages(str(entry), load_entry(entry).digest)


def test_it_keeps_the_promises_of_encoders(encoder: ZooImages) -> None:
    check_encoder(encoder)


def test_built_and_prepared_are_the_features(encoder: ZooImages) -> None:
    """The contract of ``Trainable``: build()(prepare(data)) = transform(data)."""
    assert isinstance(encoder, Trainable)
    with torch.no_grad():
        found = encoder.build()(encoder.prepare(images()))
    np.testing.assert_allclose(found.numpy(), encoder.fit(images()).transform(images()), rtol=1e-5, atol=1e-6)
    weight, bias = encoder.head()
    assert weight.shape == (3, found.shape[1])
    assert bias.shape == (3,)


def test_bytes_and_floats_are_the_same_images(encoder: ZooImages) -> None:
    rows = encoder.prepare(images())
    module = encoder.build()
    with torch.no_grad():
        torch.testing.assert_close(module(rows), module(rows.float()))


def test_without_a_model_every_row_is_refused() -> None:
    assert "name one as a source: zoo:NAME" in ZooImages().refuses(images())
    assert "takes text rows" in ZooTexts().refuses(images())
    with pytest.raises(InputError, match="has no model"):
        ZooImages().fit(images())


def test_other_weights_are_never_taken_for_these(encoder: ZooImages, entry: Path) -> None:
    save_entry(entry, {"name": "tiny"}, random_network(seed=1))
    with pytest.raises(InputError, match="has changed"):
        ZooImages(encoder.entry, "0" * 64).fit(images())


def test_a_restored_encoder_needs_no_zoo(encoder: ZooImages) -> None:
    state = encoder.fit(images()).state()
    expected = encoder.fit(images()).transform(images())
    np.testing.assert_array_equal(ZooImages("gone", "").restore(state).transform(images()), expected)


def test_texts_are_not_images(encoder: ZooImages) -> None:
    assert encoder.refuses(Dataset("texts", Modality.TEXT, np.array(["a"], dtype=object)))
