"""Files of tables, there and back."""

from __future__ import annotations

import gzip

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.problem import RawData, ReadOptions
from autotransfer.readers.table import read

WORD = st.text(st.characters(min_codepoint=97, max_codepoint=255, exclude_characters="\0"), min_size=1, max_size=6)
FRAMES = st.lists(
    st.tuples(
        st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
        st.one_of(
            st.none(),
            WORD.filter(lambda w: w.strip() and w.lower() not in ("nan", "inf", "infinity", "null", "true", "false")),
        ),
        st.sampled_from(["yes", "no", None]),
    ),
    min_size=2,
    max_size=12,
).filter(lambda rows: any(row[1] for row in rows))
TMP = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)


def as_frame(rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["number", "word", "label"])
    return frame.astype({"number": float})


def check(raw: RawData, frame: pd.DataFrame) -> None:
    np.testing.assert_array_equal(raw.inputs["number"].to_numpy(np.float64), frame["number"].to_numpy() + 0.0)
    assert [w if isinstance(w, str) else None for w in raw.inputs["word"]] == [
        w if isinstance(w, str) else None for w in frame["word"]
    ]
    if frame["label"].notna().any():
        assert raw.labels.tolist() == [w if isinstance(w, str) else None for w in frame["label"]]


def read_or_refuse(reading) -> bool:
    """Whether the outcome is data, or an error of one line."""
    try:
        return isinstance(reading(), RawData)
    except InputError as error:
        return "\n" not in str(error)


@TMP
@given(FRAMES, st.sampled_from([".csv", ".tsv", ".csv.gz", ".tsv.gz", ".parquet"]))
def test_frames_come_back(tmp_path, rows, suffix):
    """read ∘ write = identity on numbers (exactly), words, labels and missing cells."""
    frame, path = as_frame(rows), tmp_path / f"t{suffix}"
    if suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False, sep="\t" if "tsv" in suffix else ",")
    raw = read(str(path), ReadOptions())
    assert (raw.name, raw.modality) == ("t", Modality.TABLE)
    check(raw, frame)


@TMP
@given(st.binary(max_size=120), st.sampled_from([".csv", ".tsv", ".csv.gz", ".parquet"]))
def test_any_bytes_are_read_or_refused(tmp_path, content, suffix):
    """No bytes whatsoever raise anything but ``InputError``, in one line."""
    path = tmp_path / f"t{suffix}"
    path.write_bytes(content)
    assert read_or_refuse(lambda: read(str(path), ReadOptions()))


@TMP
@given(st.text('ab",;\t\n1.5-einf?NA \r', max_size=60))
def test_nearly_tables_are_read_or_refused(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text("x,y\n" + text, encoding="utf-8", newline="")
    assert read_or_refuse(lambda: read(str(path), ReadOptions()))


def test_other_forms_are_left_to_others():
    assert read("folder", ReadOptions()) is None
    assert read("sklearn:iris", ReadOptions()) is None


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("e.csv", b"", "e.csv: the file is empty; give a file with data"),
        ("e.parquet", b"PAR1 nothing", "e.parquet: not an intact Parquet file; write it again"),
        ("e.csv.gz", b"a,b\n1,2\n", "e.csv.gz: not an intact gzip file; compress it again with gzip"),
        ("e.csv.gz", gzip.compress(b"a,b\n1,2\n" * 999, mtime=0)[:-20], "e.csv.gz: not an intact gzip file"),
    ],
)
def test_damaged_files(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(str(tmp_path / name), ReadOptions())
    assert message in str(caught.value)


def test_missing_file_names_its_neighbour(tmp_path):
    (tmp_path / "penguins.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r"penguin\.csv: no such file; did you mean penguins\.csv\?"):
        read(str(tmp_path / "penguin.csv"), ReadOptions())
    with pytest.raises(InputError, match="does not exist either"):
        read(str(tmp_path / "no" / "x.csv"), ReadOptions())
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(InputError, match=r"d\.csv: it is a folder, not a file"):
        read(str(tmp_path / "d.csv"), ReadOptions())


def test_infinite_feature_is_refused(tmp_path):
    (tmp_path / "t.csv").write_text("x,y\n1,a\ninf,b\n")
    with pytest.raises(InputError, match="t: column 'x' holds 1 infinite values"):
        read(str(tmp_path / "t.csv"), ReadOptions())


def test_parquet_without_rows(tmp_path):
    pd.DataFrame({"a": [], "b": []}).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(InputError, match="it has no rows"):
        read(str(tmp_path / "t.parquet"), ReadOptions())


def test_all_labels_missing_is_left_to_the_loader(tmp_path):
    (tmp_path / "t.csv").write_text("x,y\n1,\n2,\n")
    assert np.isnan(read(str(tmp_path / "t.csv"), ReadOptions()).labels).all()
