from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from autotransfer.data import Dataset, Modality
from autotransfer.encoders.table import TableEncoder
from autotransfer.encoders.table_quantile import TableQuantileEncoder
from autotransfer.errors import InputError
from autotransfer.state import load_state, save_state


def mixed(n: int = 120, seed: int = 0) -> pd.DataFrame:
    """Skewed, gappy, constant and empty numbers, a bool, and a category with a long tail."""
    rng = np.random.default_rng(seed)
    gappy = rng.normal(5, 3, n)
    gappy[rng.random(n) < 0.2] = np.nan
    return pd.DataFrame(
        {
            "skewed": rng.exponential(100, n),
            "gappy": gappy,
            "whole": rng.integers(0, 5, n),
            "constant": np.full(n, 7.25),
            "empty": np.full(n, np.nan),
            "flag": rng.random(n) < 0.3,
            "city": rng.choice([f"city{i}" for i in range(12)], n, p=np.arange(1, 13) / 78),
        }
    )


def table(frame: pd.DataFrame) -> Dataset:
    return Dataset("rows", Modality.TABLE, frame)


def test_equals_the_scikit_learn_pipeline() -> None:
    """Median + indicator + z-score beside infrequent-grouped one-hot: equal to 1e-5, on fit rows and on new ones."""
    numbers = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True), StandardScaler()
    )
    words = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=6, sparse_output=False)
    oracle = make_column_transformer(
        (numbers, make_column_selector(dtype_include="number")), (words, ["flag", "city"])
    ).fit(mixed())
    fitted = TableEncoder(max_categories=6).fit(table(mixed()))
    fresh = mixed(seed=1).replace({"city": {"city3": "atlantis"}})
    for frame in (mixed(), fresh):
        np.testing.assert_allclose(fitted.transform(table(frame)), oracle.transform(frame), atol=1e-5)


def test_infinities_and_later_strings_count_as_missing() -> None:
    """f(inf) = f('seven') = f(NaN): the median and, where training had gaps, the indicator."""
    fitted = TableEncoder().fit(table(mixed()))
    one = mixed().iloc[:1].astype({"gappy": object, "whole": object})
    rows = []
    for value in (np.nan, np.inf, "seven"):
        frame = one.copy()
        frame["gappy"] = pd.Series([value], dtype=object, index=one.index)
        rows.append(fitted.transform(table(frame)))
    np.testing.assert_array_equal(rows[0], rows[1])
    np.testing.assert_array_equal(rows[0], rows[2])


def test_numbers_stored_as_text_are_read_again() -> None:
    fitted = TableEncoder().fit(table(mixed()))
    as_text = mixed().astype({"skewed": str, "whole": "category"})
    np.testing.assert_allclose(fitted.transform(table(as_text)), fitted.transform(table(mixed())), rtol=1e-6)


def test_whole_number_categories_survive_an_empty_cell() -> None:
    """A category 3 and the float 3.0 that it becomes beside an empty cell are one level."""
    fitted = TableEncoder().fit(table(pd.DataFrame({"code": pd.Series([3, 4, 3], dtype="category")})))
    later = fitted.transform(table(pd.DataFrame({"code": [3.0, np.nan]})))
    np.testing.assert_array_equal(later, [[1, 0], [0, 0]])


def test_dates_become_numbers_in_any_later_form() -> None:
    dates = pd.to_datetime(["2024-01-01 06:00", "2025-06-15 18:00", None])
    fitted = TableEncoder().fit(table(pd.DataFrame({"when": dates})))
    native = fitted.transform(table(pd.DataFrame({"when": dates})))
    assert native.shape == (3, 8)  # four parts, and an indicator for each since one date is missing
    for later in (["2024-01-01 06:00", "2025-06-15T18:00:00Z", "soon"], dates.tz_localize("UTC")):
        np.testing.assert_array_equal(fitted.transform(table(pd.DataFrame({"when": later}))), native)
    gaps = fitted.transform(table(pd.DataFrame({"when": [None, None]})))
    np.testing.assert_array_equal(gaps, native[[2, 2]])


@pytest.mark.parametrize("encoder", [TableEncoder(), TableQuantileEncoder()], ids=lambda e: e.name)
@pytest.mark.parametrize(
    "frame",
    [
        mixed().iloc[:0],
        mixed().iloc[:1],
        mixed(),
        pd.DataFrame({"huge": [1e300, -1e300, 1e-300, 0.0], "nothing": [None] * 4}),
        pd.DataFrame(
            {"nullable": pd.array([1, None, 3], dtype="Int64"), "maybe": pd.array([True, None, False], dtype="boolean")}
        ),
        pd.DataFrame({"span": pd.to_timedelta([1, 2, None], unit="h"), 5: ["a", 1, None]}),
    ],
    ids=["no rows", "one row", "mixed", "huge", "nullable", "odd"],
)
def test_finite_float32_and_restored_equal(encoder, frame, tmp_path) -> None:
    """Finite (n, d) float32 whose d is that of no rows; state survives a file; the frame is left as it was."""
    before = frame.copy(deep=True)
    fitted = encoder.fit(table(frame))
    features = fitted.transform(table(frame))
    assert features.dtype == np.float32
    assert features.shape[0] == len(frame)
    assert np.isfinite(features).all()
    assert fitted.transform(table(frame.iloc[:0])).shape == (0, features.shape[1])
    save_state(tmp_path, fitted.state())
    restored = encoder.restore(load_state(tmp_path))
    np.testing.assert_array_equal(restored.transform(table(frame)), features)
    pd.testing.assert_frame_equal(frame, before)


def test_a_missing_column_is_named() -> None:
    fitted = TableEncoder().fit(table(mixed()))
    with pytest.raises(InputError, match="no column 'city'"):
        fitted.transform(table(mixed().drop(columns="city")))


def test_columns_may_come_in_another_order_with_more_beside_them() -> None:
    fitted = TableEncoder().fit(table(mixed()))
    shuffled = mixed().iloc[:, ::-1].assign(extra=1)
    np.testing.assert_array_equal(fitted.transform(table(shuffled)), fitted.transform(table(mixed())))
