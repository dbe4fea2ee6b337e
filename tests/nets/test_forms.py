"""Rows as float matrices: one scale for features, one size and depth for images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.nets import EncodedForm, FeatureForm, ImageForm, form_of
from autotransfer.nets.forms import restore_form
from autotransfer.state import load_state, save_state


def features(X: np.ndarray) -> Dataset:
    return Dataset("rows", Modality.FEATURES, X)


def images(X: np.ndarray) -> Dataset:
    return Dataset("rows", Modality.IMAGE, X)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4])
def test_features_of_all_domains_together_have_mean_0_and_root_mean_square_1(scale: float) -> None:
    """The columns' proportions stay: one number scales all."""
    rng = np.random.default_rng(0)
    parts = [features(rng.normal(3, 1, (n, 4)).astype(np.float32) * [1, 2, 3, 4] * scale) for n in (30, 70)]
    form = form_of(parts)
    Z = np.concatenate([form.rows(part) for part in parts])
    np.testing.assert_allclose(Z.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(np.sqrt(np.mean(Z**2)), 1, rtol=1e-4)
    spread = np.concatenate([part.X for part in parts]).std(axis=0)
    np.testing.assert_allclose(Z.std(axis=0) / Z.std(axis=0)[0], spread / spread[0], rtol=1e-3)


def test_rows_that_do_not_vary_stay_finite() -> None:
    form = form_of([features(np.full((3, 2), 7.0, np.float32))])
    np.testing.assert_array_equal(form.rows(features(np.full((1, 2), 7.0))), np.zeros((1, 2)))


def test_images_of_any_size_come_in_one_size_between_minus_1_and_1() -> None:
    """Black is -1, white is 1, gray images have one channel; empty data sets are fine."""
    small, large = np.zeros((3, 8, 8), np.uint8), np.full((2, 50, 40), 255, np.uint8)
    form = form_of([images(small), images(large), images(small[:0])])
    assert form == ImageForm(28, 1)
    np.testing.assert_array_equal(form.rows(images(small)), np.full((3, 784), -1.0))
    np.testing.assert_array_equal(form.rows(images(large)), np.full((2, 784), 1.0))
    assert form.rows(images(small[:0])).shape == (0, 784)


def test_one_coloured_domain_makes_both_coloured() -> None:
    """Gray images in three equal channels are gray; colour planes come one after the other."""
    gray, red = np.full((2, 28, 28, 3), 9, np.uint8), np.zeros((2, 28, 28, 3), np.uint8)
    red[..., 0] = 255
    assert form_of([images(gray)]) == ImageForm(28, 1)
    form = form_of([images(gray[..., 0]), images(red)])
    assert form == ImageForm(28, 3)
    planes = form.rows(images(red)).reshape(2, 3, 784)
    np.testing.assert_array_equal(planes[:, 0], 1.0)
    np.testing.assert_array_equal(planes[:, 1:], -1.0)


def test_files_are_read(tmp_path: Path) -> None:
    """A path as good as an array."""
    array = np.random.default_rng(0).integers(0, 255, (28, 28), dtype=np.uint8)
    Image.fromarray(array).save(tmp_path / "a.png")
    files = images(np.array([str(tmp_path / "a.png")], dtype=object))
    np.testing.assert_allclose(form_of([files]).rows(files), ImageForm().rows(images(array[None])))


@pytest.mark.parametrize("form", [FeatureForm(np.arange(3, dtype=np.float32), 2.5), ImageForm(20, 3)], ids=str)
def test_forms_come_back_from_plain_data(form: FeatureForm | ImageForm) -> None:
    again = restore_form(form.state())
    assert again.state().keys() == form.state().keys()
    assert all(np.array_equal(again.state()[key], value) for key, value in form.state().items())


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InputError, match="must be one of features, images"):
        restore_form({"kind": "subprocess"})


TEXTS = np.array(["good film", "bad film", "good good plot", "bad end", "the film"], object)
TABLE = pd.DataFrame({"size": [1.0, 2.0, np.nan, 8.0, 5.0], "colour": ["red", "blue", "red", "red", "blue"]})


@pytest.mark.parametrize("data", [Dataset("t", Modality.TEXT, TEXTS), Dataset("t", Modality.TABLE, TABLE)])
def test_tables_and_texts_are_encoded_and_come_back(data: Dataset, tmp_path: Path) -> None:
    """Centred and scaled like feature rows; a saved form gives equal rows, of unseen words and levels too."""
    form = form_of([data.take(np.arange(4)), data.take(np.arange(4, 5))])
    assert isinstance(form, EncodedForm)
    Z = form.rows(data)
    np.testing.assert_allclose(Z.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(np.sqrt(np.mean(Z**2)), 1, rtol=1e-4)
    save_state(tmp_path, form.state())
    again = restore_form(load_state(tmp_path))
    np.testing.assert_array_equal(again.rows(data), Z)
    assert form.backbone(7).build()(torch.from_numpy(Z)).shape == (5, 7)


def test_an_unknown_encoder_is_refused() -> None:
    state = form_of([Dataset("t", Modality.TEXT, TEXTS)]).state()
    with pytest.raises(InputError, match="encodes rows by 'pickle'"):
        restore_form({**state, "encoder": "pickle"})
