"""Rows to predict: the model's columns whatever else is there, every row answered, else one line."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.loading.inference import read_rows
from autotransfer.problem import RawData

COLUMNS = ("a", "b", "c")
NO_OPTIONS = (None, None)


def refusal(*args) -> str:
    with pytest.raises(InputError) as caught:
        read_rows(*args)
    (line,) = str(caught.value).splitlines()
    return line


@pytest.mark.parametrize("label", [None, "label", "not in this file"])
@pytest.mark.parametrize("without", [[], ["label"]])
def test_tables_come_in_the_models_columns_label_or_not(hook, write, table, label, without):
    frame = table(7).drop(columns=without)
    shuffled = frame[frame.columns[::-1]].assign(extra=1.0)
    rows = read_rows(write("new.csv", shuffled), Modality.TABLE, COLUMNS, (label, None), hook)
    assert list(rows.inputs.columns) == list(COLUMNS)
    assert rows.y is None
    np.testing.assert_allclose(rows.inputs["a"], frame["a"])
    assert rows.inputs["c"].tolist() == frame["c"].tolist()


def test_frames_given_from_python_are_the_same_rows(hook, write, table):
    frame = table(9)
    read = read_rows(write("new.csv", frame), Modality.TABLE, COLUMNS, NO_OPTIONS, hook)
    given = read_rows(frame, Modality.TABLE, COLUMNS, NO_OPTIONS, hook)
    raw = read_rows(RawData("new", Modality.TABLE, frame), Modality.TABLE, COLUMNS, NO_OPTIONS, hook)
    assert read.digest == given.digest == raw.digest


def test_an_unlabelled_last_column_of_the_model_is_no_label(hook, write, table):
    frame = table(5)[["b", "c", "a"]]
    rows = read_rows(write("new.csv", frame), Modality.TABLE, COLUMNS, NO_OPTIONS, hook)
    np.testing.assert_allclose(rows.inputs["a"], frame["a"])


def test_missing_columns_are_named(hook, write, table):
    line = refusal(write("new.csv", table(5).drop(columns=["a", "c"])), Modality.TABLE, COLUMNS, NO_OPTIONS, hook)
    assert "'a', 'c'" in line
    assert "'b'" not in line
    assert "'b'" in refusal(table(5)[["a", "c"]], Modality.TABLE, COLUMNS, NO_OPTIONS, hook)


def test_columns_of_one_name_are_refused(hook, table):
    frame = pd.concat([table(5), table(5)[["a"]]], axis=1)
    assert "same name" in refusal(frame, Modality.TABLE, COLUMNS, NO_OPTIONS, hook)


def test_an_array_is_no_table(hook):
    assert "DataFrame" in refusal(np.zeros((4, 3)), Modality.TABLE, COLUMNS, NO_OPTIONS, hook)


def test_features_from_archive_array_and_frame(hook, tmp_path):
    X = np.arange(12.0).reshape(4, 3)
    np.savez(tmp_path / "x.npz", X=X)
    frame = pd.DataFrame(X)
    for given in (str(tmp_path / "x.npz"), tmp_path / "x.npz", X, frame):
        rows = read_rows(given, Modality.FEATURES, ("0", "1", "2"), NO_OPTIONS, hook)
        np.testing.assert_array_equal(rows.X, X)


def test_features_of_another_width_are_refused(hook):
    line = refusal(np.zeros((4, 2)), Modality.FEATURES, ("0", "1", "2"), NO_OPTIONS, hook)
    assert "2 features" in line
    assert "3" in line


def test_an_archive_without_rows_is_refused(hook, tmp_path):
    np.savez(tmp_path / "x.npz", y=np.zeros(3))
    assert "'X'" in refusal(tmp_path / "x.npz", Modality.FEATURES, ("0",), NO_OPTIONS, hook)


def test_another_modality_is_refused(hook, write, table):
    line = refusal(write("new.csv", table(5)), Modality.FEATURES, ("0", "1", "2"), NO_OPTIONS, hook)
    assert "table" in line
    assert "features" in line
    assert "features" in refusal(np.zeros((4, 3)), Modality.IMAGE, None, NO_OPTIONS, hook)


@pytest.mark.parametrize("with_label", [True, False])
@pytest.mark.parametrize("options", [NO_OPTIONS, ("label", None), ("label", "words"), (None, "words")])
def test_texts_need_not_be_long(hook, write, with_label, options):
    frame = pd.DataFrame({"words": ["fine", "12", "fine"], "label": ["x", "y", "x"]})
    frame = frame if with_label else frame[["words"]]
    for given in (write("new.csv", frame), frame):
        rows = read_rows(given, Modality.TEXT, None, options, hook)
        assert rows.modality is Modality.TEXT
        assert rows.inputs.tolist() == ["fine", "12", "fine"]


def test_texts_from_arrays(hook):
    for given in (np.array(["one", "two"]), np.array(["one", "two"], dtype=object)):
        assert read_rows(given, Modality.TEXT, None, NO_OPTIONS, hook).inputs.tolist() == ["one", "two"]


def test_without_the_text_column_there_is_one_line(hook, write, table):
    assert "'words'" in refusal(write("new.csv", table(5)), Modality.TEXT, None, (None, "words"), hook)
    assert "one column" in refusal(write("new.csv", table(5)), Modality.TEXT, None, NO_OPTIONS, hook)


@pytest.fixture
def images(tmp_path):
    """A folder with images in class folders and beside them."""
    for place in ("b/2.png", "a/1.png", "top.png", "0.png"):
        path = tmp_path / "images" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (4, 4)).save(path)
    return tmp_path / "images"


def test_all_images_of_a_folder_in_the_order_of_their_paths(hook, images):
    rows = read_rows(images, Modality.IMAGE, None, NO_OPTIONS, hook)
    expected = [str(images / place) for place in ("0.png", "a/1.png", "b/2.png", "top.png")]
    assert rows.inputs.tolist() == expected


def test_a_damaged_image_is_named_because_it_would_shift_the_answers(hook, images):
    (images / "a" / "bad.png").write_bytes(b"")
    assert "bad.png" in refusal(images, Modality.IMAGE, None, NO_OPTIONS, hook)


def test_a_missing_file_is_named(hook, tmp_path):
    assert "nothing.csv" in refusal(tmp_path / "nothing.csv", Modality.TABLE, COLUMNS, NO_OPTIONS, hook)
