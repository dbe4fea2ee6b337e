"""Data sets: rows stay together, and digests tell contents apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotransfer.data import Dataset, Modality, concatenate, row_hashes

MODALITIES = list(Modality)


def dataset(modality: Modality, values: list[int], name: str = "d") -> Dataset:
    """A row for each value; label and domain follow from it, too."""
    v = np.array(values, dtype=int)
    inputs = {
        Modality.TABLE: lambda: pd.DataFrame({"n": v.astype(float), "w": np.array([f"w{x}" for x in v], dtype=object)}),
        Modality.TEXT: lambda: np.array([f"text {x}" for x in v], dtype=object),
        Modality.IMAGE: lambda: (
            np.stack([np.full((2, 2), x % 256, np.uint8) for x in v]) if len(v) else np.empty((0, 2, 2), np.uint8)
        ),
        Modality.FEATURES: lambda: np.column_stack([v, -v]).astype(np.float32),
    }[modality]()
    return Dataset(name, modality, inputs, v * 10, v * 100)


def values_of(data: Dataset) -> list[int]:
    first = data.inputs["n"] if isinstance(data.inputs, pd.DataFrame) else data.inputs
    return [int(str(np.ravel(x)[0]).split()[-1].split(".")[0]) for x in first]


NUMBERS = st.lists(st.integers(0, 200), max_size=8)


@pytest.mark.parametrize("modality", MODALITIES)
@settings(max_examples=20, deadline=None)
@given(values=NUMBERS, data=st.data())
def test_taken_rows_keep_their_labels_and_domains(modality, values, data):
    rows = data.draw(st.lists(st.integers(0, len(values) - 1), max_size=6)) if values else []
    taken = dataset(modality, values).take(np.array(rows, dtype=int))
    expected = [values[row] for row in rows]
    assert values_of(taken) == expected
    assert taken.y.tolist() == [10 * v for v in expected]
    assert taken.domain.tolist() == [100 * v for v in expected]
    mask = np.array([v % 2 == 0 for v in values], dtype=bool)
    assert values_of(dataset(modality, values).take(mask)) == [v for v in values if v % 2 == 0]


@pytest.mark.parametrize("modality", MODALITIES)
@settings(max_examples=20, deadline=None)
@given(left=NUMBERS, right=NUMBERS)
def test_digests_are_equal_exactly_for_equal_rows_in_equal_order(modality, left, right):
    one, other = dataset(modality, left), dataset(modality, right, "another name")
    assert (one.digest == other.digest) == (left == right)
    assert one.without_labels().digest == one.digest
    assert [a == b for a in row_hashes(one.inputs) for b in row_hashes(other.inputs)] == [
        a == b for a in left for b in right
    ]


def test_digests_tell_texts_from_their_concatenation():
    pairs = (["ab", "c"], ["a", "bc"], ["abc"])
    digests = {Dataset("d", Modality.TEXT, np.array(pair, dtype=object)).digest for pair in pairs}
    assert len(digests) == 3


def test_digests_tell_types_and_modalities_apart():
    X = np.ones((2, 2))
    digests = {
        Dataset("d", Modality.FEATURES, X).digest,
        Dataset("d", Modality.FEATURES, X.astype(np.float32)).digest,
        Dataset("d", Modality.FEATURES, X.reshape(1, 4)).digest,
        Dataset("d", Modality.TABLE, pd.DataFrame(X)).digest,
    }
    assert len(digests) == 4


@pytest.mark.parametrize("modality", MODALITIES)
def test_parts_are_joined_in_order_and_marked(modality):
    parts = [dataset(modality, [1, 2]), dataset(modality, [3])]
    whole = concatenate("all", parts, mark_domains=True)
    assert values_of(whole) == [1, 2, 3]
    assert whole.y.tolist() == [10, 20, 30]
    assert whole.domain.tolist() == [0, 0, 1]
    assert concatenate("all", parts).domain is None
    assert concatenate("all", [parts[0], parts[1].without_labels()]).y is None
    single = concatenate("new name", parts[:1])
    assert (single.name, values_of(single)) == ("new name", [1, 2])
    with pytest.raises(ValueError, match="at least one"):
        concatenate("none", [])


@pytest.mark.parametrize("part", ["y", "domain"])
def test_labels_of_another_length_are_refused(part):
    with pytest.raises(ValueError, match=f"{part} has 2 entries for 3 rows"):
        Dataset("d", Modality.FEATURES, np.zeros((3, 1)), **{part: np.zeros(2)})


def test_what_is_not_there_cannot_be_taken_for_granted():
    data = dataset(Modality.TEXT, [1]).without_labels()
    with pytest.raises(TypeError, match="encode"):
        _ = data.X
    with pytest.raises(TypeError, match="no labels"):
        _ = data.labels
    encoded = data.with_inputs(np.zeros((1, 4), np.float32))
    assert encoded.X.shape == (1, 4)
