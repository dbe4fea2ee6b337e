"""The whole of loading, from files to a problem."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.loading import load_problem
from autotransfer.problem import RawData
from autotransfer.settings import Settings
from autotransfer.task import Source

SHARED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def refused(load, *args, **options) -> str:
    with pytest.raises(InputError) as caught:
        load(*args, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_demo(load):
    problem = load("demo:penguins", "demo:penguins-adelie", "demo:penguins-chinstrap", test="demo:penguins-test")
    assert problem.classes == ("female", "male")
    assert (problem.n_labeled, len(problem.unlabeled), len(problem.test)) == (40, 4, 79)
    assert [source.name for source in problem.sources] == ["penguins-adelie", "penguins-chinstrap", "all"]
    assert all(source.offers == SHARED and source.classes == problem.classes for source in problem.sources)
    assert problem.skipped == ()


def test_labels_keep_their_rows(load, write, table):
    """Row i of the target has the label of row i of the file."""
    frame = table(30)
    problem = load(write("t.csv", frame))
    np.testing.assert_array_equal(problem.target.inputs["a"].to_numpy(), frame["a"])
    assert [problem.classes[i] for i in problem.target.y] == frame["label"].tolist()


def test_spelling_of_labels_does_not_matter(load, table):
    """1, 1.0, "1" and " 1 " are one class; numbers are sorted as numbers."""
    target = table(30, classes=(10, 9, 2))
    problem = load(
        raw("t", target),
        raw("floats", table(30, 1, classes=(10.0, 9.0))),
        raw("words", table(30, 2, classes=(" 10 ", "9.0", "x"))),
    )
    assert problem.classes == ("2", "9", "10")
    floats, words, pooled = problem.sources
    assert {source.offers for source in problem.sources} == {SHARED}
    assert set(floats.data.y) == set(words.data.y) == {1, 2}
    assert len(words.data) == 20
    assert "words: 10 rows of classes that the target lacks were left out: 'x'" in problem.notes
    assert "words: has no rows of the target's classes '2'" in problem.notes
    assert np.bincount(pooled.data.domain).tolist() == [30, 20]


def raw(name: str, frame: pd.DataFrame, label: str = "label") -> RawData:
    return RawData(name, Modality.TABLE, frame.drop(columns=label), frame[label].to_numpy(), label=label)


def test_pool_avoids_a_taken_name(load, write, table):
    problem = load(write("t.csv", table()), write("all.csv", table(seed=1)), write("b.csv", table(seed=2)))
    assert [source.name for source in problem.sources] == ["all", "b", "all-2"]


def test_sources_of_one_name(load, write, table):
    problem = load(write("t.csv", table()), write("1/s.csv", table(seed=1)), write("2/s.csv", table(seed=2)))
    assert [source.name for source in problem.sources] == ["s", "s-2", "all"]
    assert problem.sources[1].data.name == "s-2"


def test_regression(load):
    problem = load("sklearn:diabetes", test_size=0)
    assert problem.classes is None
    assert problem.target.y.dtype == np.float64
    assert problem.test is None


def test_regression_source_shares_its_values(load, table):
    target, source = table(40), table(50, 1)
    target["label"], source["label"] = target["a"] * 2.5 + target["b"], np.arange(50) % 5
    problem = load(raw("t", target), raw("s", source))
    assert problem.sources[0].offers == SHARED
    np.testing.assert_array_equal(problem.sources[0].data.y, source["label"])


def test_words_do_not_help_a_target_with_values(load, table):
    target = table(40).assign(label=np.linspace(0, 1, 40))
    problem = load(raw("t", target), raw("s", table(30, 1)))
    assert problem.sources[0].offers == Asset.SOURCE_INPUTS
    assert "s: its labels are classes, the target's are values; only its rows are used, not its labels" in problem.notes


def test_values_do_not_help_a_target_with_classes(load, table):
    problem = load(raw("t", table()), raw("s", table(30, 1).assign(label=np.linspace(0, 1, 30))))
    assert problem.sources[0].offers == Asset.SOURCE_INPUTS
    assert any("its labels are values, the target's are classes" in note for note in problem.notes)


def test_classes_of_its_own(load, table):
    problem = load(raw("t", table()), raw("s", table(30, 1, classes=("x", "y", "no"))))
    (source,) = problem.sources
    assert source.offers == Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS
    assert source.classes == ("no", "x", "y")
    assert any("are not the target's; used as another task" in note for note in problem.notes)


def test_unlabelled_source_file(load, write, table):
    """Its last column is a feature of the target, hence no label."""
    problem = load(write("t.csv", table()), write("s.csv", table(30, 1).drop(columns="label")))
    assert problem.sources[0].offers == Asset.SOURCE_INPUTS
    assert list(problem.sources[0].data.inputs.columns) == ["a", "b", "c"]


def test_label_of_one_class_does_not_help(load, table):
    problem = load(raw("t", table()), raw("s", table(30, 1, classes=("no",))))
    assert problem.sources[0].offers == Asset.SOURCE_INPUTS
    assert any("all of its labels are 'no'" in note for note in problem.notes)


def test_label_free_target_takes_the_sources_classes(load, write, table):
    target = table(25).assign(label="")
    problem = load(write("t.csv", target), write("s.csv", table(30, 1)), write("r.csv", table(30, 2)), label="label")
    assert problem.classes == ("no", "yes")
    assert (problem.n_labeled, len(problem.unlabeled)) == (0, 25)
    assert not problem.offered(problem.sources[0]) & Asset.TARGET_LABELS
    assert problem.sources[0].offers == SHARED


def test_label_free_target_alone(load, write, table):
    message = refused(load, write("t.csv", table().assign(label="")))
    assert "t: no row has a label and no source says what to predict; label at least 10 rows" in message


def test_label_free_target_without_usable_source(load, write, table):
    path = write("t.csv", table().assign(label=""))
    message = refused(load, path, write("s.csv", table(30, 1).rename(columns={"a": "x", "b": "z", "c": "w"})))
    assert "no row has a label and no usable source has labels" in message


def test_one_class_only(load, write, table):
    message = refused(load, write("t.csv", table(classes=("no",))))
    assert message == "t: every labelled row is of class 'no'; label rows of at least two classes"


def test_constant_values(load, write, table):
    message = refused(load, write("t.csv", table().assign(label=1.5)), metric="rmse")
    assert message == "t: every label is 1.5; regression needs labels that vary"


@pytest.mark.parametrize("n", [2, 9])
def test_too_few_labels(load, write, table, n):
    message = refused(load, write("t.csv", table(n)))
    fix = "label more, or add a source with at least 8 other classes"
    assert message == f"t: {n} labelled rows are left for training, at least 10 are needed; {fix}"


def test_a_class_seen_once_is_kept_and_noted(load, write, table):
    frame = table(30)
    frame.loc[3, "label"] = "maybe"
    problem = load(write("t.csv", frame), test_size=0.3)
    assert problem.classes == ("maybe", "no", "yes")
    assert problem.class_counts()[0] == 1
    assert "t: class 'maybe' has a single labelled row; kept" in problem.notes


def test_many_classes_seen_once_are_one_note(load, write, table):
    frame = table(40)
    frame.loc[:11, "label"] = [f"rare{index:02}" for index in range(12)]
    noted = [note for note in load(write("t.csv", frame)).notes if "labelled row" in note]
    assert len(noted) == 1
    assert noted[0].startswith("t: classes 'rare00', 'rare01'")
    assert noted[0].endswith("and 4 others have each a single labelled row; kept")


def test_objects_that_are_no_data_sets_are_refused_in_one_line(load, write, table):
    message = "a DataFrame is no data set: give a path, or RawData(name, modality, inputs, labels)"
    assert refused(load, table()) == message
    assert refused(load, write("t.csv", table()), table()) == message


def test_one_name_is_no_list_of_sources():
    """It would be read letter by letter."""
    for sources in ("s.csv", Path("s.csv")):
        with pytest.raises(InputError, match=r"^sources: 's\.csv' is one name; give a list, \['s\.csv'\]$"):
            load_problem("t.csv", sources, Settings(), None)


def test_unknown_label_column(load, write, table):
    assert "t: no column 'labl' for --label; did you mean 'label'?" in refused(
        load, write("t.csv", table()), label="labl"
    )


def test_unlabelled_rows_of_two_places(load, write, table):
    frame = table(30)
    frame.loc[:4, "label"] = ""
    problem = load(write("t.csv", frame), unlabeled=write("u.csv", table(7, 1).drop(columns="label")))
    assert (problem.n_labeled, len(problem.unlabeled)) == (25, 12)
    assert problem.unlabeled.y is None


def test_test_file_goes_with_the_target(load, write, table):
    target, test = table(30), table(20, 1)
    problem = load(write("t.csv", target), test=write("e.csv", test[["label", "c", "b", "a"]]))
    assert list(problem.test.inputs.columns) == ["a", "b", "c"]
    assert [problem.classes[i] for i in problem.test.y] == test["label"].tolist()


def test_class_only_in_the_test_file(load, write, table):
    message = refused(load, write("t.csv", table()), test=write("e.csv", table(9, 1, classes=("no", "maybe"))))
    assert "e: the test label 'maybe' never occurs in the target; label target rows so, or remove those rows" in message


def test_test_file_without_labels_or_columns(load, write, table):
    path = write("t.csv", table())
    assert "e: the test file has no labels" in refused(load, path, test=write("e.csv", table(9).drop(columns="label")))
    assert "f: lacks the target's columns 'b'; add them" in refused(
        load, path, test=write("f.csv", table(9).drop(columns="b"))
    )


def test_words_in_the_test_labels_of_a_target_with_values(load, write, table):
    message = refused(
        load, write("t.csv", table(40).assign(label=np.linspace(0, 1, 40))), test=write("e.csv", table(9))
    )
    assert "e: the test label 'no' is no number" in message


def test_test_rows_without_label_are_left_out(load, write, table):
    test = table(20, 1)
    test.loc[:2, "label"] = ""
    problem = load(write("t.csv", table()), test=write("e.csv", test))
    assert len(problem.test) == 17
    assert "e: 3 test rows have no label; left out" in problem.notes


@pytest.mark.parametrize(("n", "expected"), [(199, 0), (200, 40)])
def test_a_fifth_is_for_the_test_from_200_rows_on(load, write, table, n, expected):
    problem = load(write("t.csv", table(n)))
    assert (0 if problem.test is None else len(problem.test)) == expected
    assert problem.n_labeled == n - expected


def test_target_rows_in_a_source_are_dropped_there(load, write, table):
    target, test, other = table(30), table(20, 1), table(40, 2)
    target.loc[:4, "label"] = ""
    source = pd.concat([target[:8].assign(label="no"), other, test[:3]])
    problem = load(write("t.csv", target), write("s.csv", source), test=write("e.csv", test))
    assert len(problem.sources[0].data) == 40
    assert "s: 11 of its 51 rows also stand in the target or its test set; dropped here" in problem.notes


def test_a_copy_of_the_target_is_no_source(load, write, table):
    problem = load(write("t.csv", table()), write("s.csv", table()))
    assert problem.skipped == (("s", "s: all of its 40 rows also stand in the target"),)


def test_training_rows_in_the_test_file_are_dropped(load, write, table):
    target, test = table(30), table(20, 1)
    unlabeled = pd.concat([table(5, 3), test[:4]]).drop(columns="label")
    problem = load(
        write("t.csv", pd.concat([target, test[:6]])),
        test=write("e.csv", test),
        unlabeled=write("u.csv", unlabeled),
    )
    assert (problem.n_labeled, len(problem.test), len(problem.unlabeled)) == (30, 20, 9)
    assert "t: 6 training rows also stand in the test set; dropped from training" in problem.notes
    assert "t: 4 unlabelled rows also stand in the test set; kept, as they show no label" in problem.notes


def test_rows_that_repeat_by_nature_prove_nothing(load, table):
    """Two yes-or-no columns: equal rows everywhere, and no leak."""
    rng = np.random.default_rng(0)
    frames = [pd.DataFrame(rng.integers(0, 2, (60, 2)), columns=["p", "q"]).assign(label=["a", "b"] * 30) for _ in "ts"]
    problem = load(raw("t", frames[0]), raw("s", frames[1]))
    assert len(problem.sources[0].data) == 60


def test_leaking_column_is_dropped_everywhere(load, write, table):
    frames = [table(40, seed) for seed in range(3)]
    for frame in frames:
        frame.insert(1, "diagnosis", frame["label"].map({"no": "N", "yes": "Y"}))
    paths = [write(f"{name}.csv", frame) for name, frame in zip("tse", frames, strict=True)]
    problem = load(paths[0], paths[1], test=paths[2])
    for data in (problem.target, problem.sources[0].data, problem.test):
        assert list(data.inputs.columns) == ["a", "b", "c"]
    assert "t: column 'diagnosis' repeats the label, which no honest feature does; dropped" in problem.notes


def test_shared_columns_are_used(load, write, table):
    source = table(30, 1).drop(columns="b").assign(extra=1.0)
    problem = load(write("t.csv", table()), write("s.csv", source[["extra", "c", "a", "label"]]))
    rows = problem.sources[0].data.inputs
    assert list(rows.columns) == ["a", "b", "c"]
    assert rows["b"].isna().all()
    assert "s: lacks the target's columns 'b'; taken as empty" in problem.notes
    assert "s: columns that the target lacks were left out: 'extra'" in problem.notes


def test_sources_that_do_not_fit_are_skipped_with_the_reason(load, table):
    features = RawData("f", Modality.FEATURES, np.ones((20, 3)), np.arange(20) % 2)
    problem = load(raw("t", table()), features, raw("other", table(30, 1).rename(columns=str.upper), "LABEL"))
    assert problem.skipped == (("f", "f: holds features rows, the target table; give the same form"),)
    assert any("other: shares no column with the target, which has 'a', 'b', 'c'" in note for note in problem.notes)


def test_features_of_another_width(load):
    rng = np.random.default_rng(0)
    target = RawData("t", Modality.FEATURES, rng.normal(size=(20, 3)), np.arange(20) % 2)
    problem = load(target, RawData("s", Modality.FEATURES, rng.normal(size=(20, 4))))
    assert problem.skipped == (("s", "s: has 4 features a row, the target 3; give the same features"),)


def test_zero_shot_classes(load, tmp_path):
    """Classes without a row keep their place, and so do their attributes."""
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "t.npz", X=rng.normal(size=(20, 3)), y=np.arange(20) % 2, class_names=["b", "a", "z"],
             class_attributes=np.eye(3))  # fmt: skip
    problem = load(str(tmp_path / "t.npz"))
    assert problem.classes == ("b", "a", "z")
    assert problem.class_counts().tolist() == [10, 10, 0]
    assert problem.class_attributes.shape == (3, 3)
    assert "t: class 'z' has no labelled row for training" in problem.notes


def test_images_count_as_equal_by_content(load, tmp_path):
    rng = np.random.default_rng(0)
    for number in range(12):
        for name in "ab":
            folder = tmp_path / "t" / name
            folder.mkdir(parents=True, exist_ok=True)
            Image.fromarray(rng.integers(0, 255, (6, 6), dtype=np.uint8)).save(folder / f"{number}.png")
    for name in "ab":
        (tmp_path / "s" / name).mkdir(parents=True)
        (tmp_path / "s" / name / "copy.png").write_bytes((tmp_path / "t" / name / "3.png").read_bytes())
        Image.fromarray(rng.integers(0, 255, (9, 7, 3), dtype=np.uint8)).save(tmp_path / "s" / name / "new.png")
    problem = load(str(tmp_path / "t"), str(tmp_path / "s"))
    assert [path.rsplit("/", 1)[1] for path in problem.sources[0].data.inputs] == ["new.png", "new.png"]
    assert problem.sources[0].offers == SHARED


def test_a_source_from_python(load, table):
    rows = Dataset("s", Modality.FEATURES, np.ones((5, 3), np.float32))
    problem = load(raw("t", table()), Source("s", Asset.SOURCE_INPUTS, rows))
    assert problem.skipped == (("s", "s: holds features rows, the target table"),)


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("nothing", "nothing: no such file, and no reader takes this form; a data set is FILE.csv"),
        ("a.csv", "no such file"),
    ],
)
def test_unknown_target(load, uri, message):
    assert message in refused(load, uri)


def test_unknown_source(load):
    message = refused(load, "demo:penguins", "timm:resnet18")
    assert "a source is FILE.csv" in message
    assert "timm:MODEL" in message


def test_existing_file_of_an_unknown_form(load, tmp_path):
    (tmp_path / "t.xlsx").write_bytes(b"PK")
    assert "t.xlsx: no reader takes this form" in refused(load, tmp_path / "t.xlsx")


def test_a_source_in_other_columns_serves_methods_for_such_sources(load, table):
    """Labelled rows of another width, or under other names, are kept as they are and no part of the pool; without the
    target's labels they stay unusable."""
    y = np.array(["a", "b"] * 20, dtype=object)
    rng = np.random.default_rng(0)
    rows = [RawData(f"s{d}", Modality.FEATURES, rng.normal(size=(40, d)), y) for d in (4, 4, 7)]
    rows[1] = RawData("more", Modality.FEATURES, rng.normal(size=(40, 4)), y)
    strange = RawData("strange", Modality.FEATURES, rng.normal(size=(40, 7)), np.array(["x", "y"] * 20, dtype=object))
    problem = load(RawData("t", Modality.FEATURES, rng.normal(size=(40, 4)), y), *rows, strange)
    other = problem.source("s7")
    assert other.offers == Asset.OTHER_COLUMNS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    assert other.data.X.shape == (40, 7)
    assert len(problem.source("all").data) == 80
    assert [name for name, _ in problem.skipped] == ["strange"]
    assert any(note.startswith("s7: has 7 features a row") for note in problem.notes)


def test_tables_under_other_names_keep_their_columns(load, table):
    """No common column: a source of its own columns; one common column: matched by name as ever."""
    target, renamed = table(30), table(30, 1).rename(columns=lambda name: name if name == "label" else f"other {name}")
    problem = load(raw("t", target), raw("renamed", renamed))
    (source,) = problem.sources
    assert Asset.OTHER_COLUMNS in source.offers
    assert all(str(column).startswith("other") for column in source.data.inputs.columns)
