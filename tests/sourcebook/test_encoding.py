"""Sketches of raw rows."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.encoders.identity import IdentityEncoder
from autotransfer.encoders.standard import StandardEncoder
from autotransfer.errors import InputError
from autotransfer.problem import RawData
from autotransfer.sourcebook.encoding import sketch_source, sketch_target, space_encoder
from autotransfer.task import Source
from autotransfer.testing.toys import ToyEncoder


def rows(labels: np.ndarray | None, n: int = 60) -> RawData:
    X = np.random.default_rng(0).normal(size=(n, 4))
    return RawData("rows", Modality.FEATURES, X, labels)


def test_labels_that_are_missing_are_left_out() -> None:
    """None and NaN; a few different numbers are classes, many are values in quarters."""
    X = np.asarray(rows(None).inputs)
    names = np.array(["a", "b", None] * 20, dtype=object)
    expected = [X[names == name].mean(axis=0) for name in "ab"]
    np.testing.assert_allclose(sketch_source(rows(names), None).means, expected, rtol=1e-5, atol=1e-6)
    numbers = np.array([1.0, 2.0, np.nan] * 20)
    np.testing.assert_allclose(sketch_source(rows(numbers), None).means, expected, rtol=1e-5, atol=1e-6)
    assert len(sketch_source(rows(np.arange(60.0)), None).means) == 4
    assert len(sketch_source(rows(None), None).means) == 1


def test_a_targets_labels_are_not_looked_at() -> None:
    """Whatever they are, the sketch is the same; it holds clusters of the rows, a tenth as many."""
    one, other = (sketch_target(rows(labels), None) for labels in (None, np.array(["a", "b"] * 30, dtype=object)))
    np.testing.assert_array_equal(one.means, other.means)
    assert len(one.means) == 6
    np.testing.assert_allclose(one.shares @ one.means, np.asarray(rows(None).inputs).mean(axis=0), atol=1e-6)


def test_large_sources_are_thinned() -> None:
    assert sketch_source(rows(None, 5000), IdentityEncoder()).means.shape == (1, 4)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (rows(np.array([None] * 60, dtype=object)), "no rows"),
        (RawData("texts", Modality.TEXT, np.array(["a", "b"], dtype=object)), "need a space"),
    ],
)
def test_what_has_no_sketch(raw: RawData, words: str) -> None:
    with pytest.raises(InputError, match=words):
        sketch_source(raw, None)


def test_rows_of_another_kind_are_refused() -> None:
    texts = RawData("texts", Modality.TEXT, np.array(["a", "b"], dtype=object))
    with pytest.raises(InputError, match="takes features rows, not text"):
        sketch_source(texts, IdentityEncoder())


def test_a_space_is_a_model_that_is_the_same_for_all() -> None:
    def hook(found: object) -> SimpleNamespace:
        return SimpleNamespace(open_source=lambda uri: found)

    assert space_encoder("", hook(None)) is None
    encoder = ToyEncoder()
    assert space_encoder("zoo:x", hook(Source("x", Asset.PRETRAINED, encoder=encoder))) is encoder
    for found in (None, Source("x", Asset.NONE)):
        with pytest.raises(InputError, match="no model of this name"):
            space_encoder("zoo:x", hook(found))
    with pytest.raises(InputError, match="learns from the rows"):
        space_encoder("zoo:x", hook(Source("x", Asset.PRETRAINED, encoder=StandardEncoder())))
