"""Numpy archives: what they may hold, and what they must not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.problem import RawData, ReadOptions
from autotransfer.readers.npz import read

X = np.arange(12.0).reshape(4, 3)


def saved(tmp_path, **arrays):  # the names of the arrays are the format
    np.savez(tmp_path / "d.npz", **arrays)
    return read(str(tmp_path / "d.npz"), ReadOptions())


def test_features_with_unlabelled_rows(tmp_path):
    raw = saved(tmp_path, X=X, y=[0, 1, 0, 1], X_unlabeled=X[:2] + 100)
    assert (raw.name, raw.modality, raw.inputs.dtype, raw.inputs.shape) == ("d", Modality.FEATURES, np.float32, (6, 3))
    np.testing.assert_array_equal(raw.labels, [0, 1, 0, 1, np.nan, np.nan])


def test_class_names_name_the_indices(tmp_path):
    attributes = np.eye(3)
    raw = saved(tmp_path, X=X, y=[2, 0, 0, 1], class_names=["cat", "dog", "emu"], class_attributes=attributes)
    assert raw.labels.tolist() == ["emu", "cat", "cat", "dog"]
    assert raw.class_names == ("cat", "dog", "emu")
    np.testing.assert_array_equal(raw.class_attributes, attributes)


@pytest.mark.parametrize("shape", [(4, 5, 6), (4, 5, 6, 3)])
def test_images_stay_bytes(tmp_path, shape):
    images = np.random.default_rng(0).integers(0, 255, shape, dtype=np.uint8)
    raw = saved(tmp_path, X=images, y=list("abab"))
    assert raw.modality is Modality.IMAGE
    np.testing.assert_array_equal(raw.inputs, images)


def test_one_channel_is_no_dimension(tmp_path):
    assert saved(tmp_path, X=np.zeros((4, 5, 6, 1), np.uint8)).inputs.shape == (4, 5, 6)


def test_texts(tmp_path):
    raw = saved(tmp_path, X=np.array(["one", "two"]), y=np.array([b"a", b"b"]))
    assert (raw.modality, raw.inputs.tolist(), raw.labels.tolist()) == (Modality.TEXT, ["one", "two"], ["a", "b"])


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"data": X}, "no array 'X'; it holds data; save X and y"),
        ({"X": X, "y": [1, 2]}, "y has shape (2,) for 4 rows of X; it must be (4,)"),
        ({"X": np.where(X == 4, np.inf, X)}, "column 1 of X holds infinite values"),
        ({"X": np.where(X == 4, 1e300, X)}, "column 1 of X holds infinite values (or beyond float32)"),
        ({"X": np.where(X == 4, np.nan, X)}, "1 rows of X hold NaN; fill them first"),
        ({"X": X.reshape(4, 3, 1)}, "X is float64 of shape (4, 3, 1); images must be uint8"),
        ({"X": X[:, 0]}, "X is float64 of shape (4,); it must be numbers (n, d)"),
        ({"X": X[:0]}, "X has shape (0, 3), so it holds nothing"),
        ({"X": X.astype(object)}, "cannot be read safely (Python objects, or damaged)"),
        ({"X": X, "y": [0, 1, np.inf, 1]}, "y holds infinite values"),
        ({"X": X, "y": np.zeros(4, complex)}, "y holds complex128; labels are numbers or strings"),
        ({"X": X, "y": [0, 1, 2, 3], "class_names": ["a", "b"]}, "y holds 2, which is no index into the 2 class_names"),
        ({"X": X, "X_unlabeled": X[:, :2]}, "X has rows of shape (3,), X_unlabeled (2,); make them equal"),
        ({"X": X, "class_attributes": X}, "class_attributes without class_names"),
        (
            {"X": X, "class_attributes": X, "class_names": ["a"]},
            "class_attributes must be finite numbers of shape (1, att",
        ),
    ],
    ids=lambda part: part[:20] if isinstance(part, str) else "",
)
def test_unusable_arrays_are_named(tmp_path, arrays, message):
    with pytest.raises(InputError) as caught:
        saved(tmp_path, **arrays)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def read_or_refuse(reading) -> bool:
    """Whether the outcome is data, or an error of one line."""
    try:
        return isinstance(reading(), RawData)
    except InputError as error:
        return "\n" not in str(error)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.binary(max_size=100), st.integers(0, 400))
def test_damaged_files_are_read_or_refused(tmp_path, noise, place):
    """Bytes overwritten anywhere in a good file: data or ``InputError``, nothing else."""
    np.savez(tmp_path / "d.npz", X=X, y=[0, 1, 0, 1])
    content = bytearray((tmp_path / "d.npz").read_bytes())
    content[place : place + len(noise)] = noise
    (tmp_path / "d.npz").write_bytes(bytes(content))
    assert read_or_refuse(lambda: read(str(tmp_path / "d.npz"), ReadOptions()))


def test_bomb_is_refused(tmp_path):
    np.savez_compressed(tmp_path / "b.npz", X=np.zeros((5_000_000, 1)))
    with pytest.raises(InputError, match="refused as a zip bomb"):
        read(str(tmp_path / "b.npz"), ReadOptions())


def test_missing_and_other_forms(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read(str(tmp_path / "x.npz"), ReadOptions())
    assert read("x.csv", ReadOptions()) is None
