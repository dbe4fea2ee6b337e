"""Targets with several tasks, from files to problems."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.loading import load_problem
from autotransfer.plugins import load_catalogue
from autotransfer.problem import RawData
from autotransfer.settings import Settings


@pytest.fixture
def wide(tmp_path):
    """60 rows, three label columns, some labels missing."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(60, 2)), columns=["p", "q"])
    frame["income"], frame["married"] = rng.normal(3, 2, 60), np.where(frame["p"] > 0, "yes", "no")
    frame["size"] = rng.integers(0, 3, 60)
    frame.loc[:9, "income"] = np.nan
    frame.loc[5:19, "married"] = None
    frame.loc[3:7, "size"] = np.nan
    return written(frame, tmp_path / "wide.csv")


@pytest.fixture
def long(tmp_path):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(90, 2)), columns=["p", "q"])
    frame["school"] = np.arange(90) % 3
    frame["score"] = np.round(rng.normal(50, 9, 90), 1)
    return written(frame, tmp_path / "long.csv")


def written(frame, path):
    frame.to_csv(path, index=False)
    return path


def load(target, **settings):
    return load_problem(target, [], Settings(**settings), load_catalogue().hook)


def test_each_known_label_is_an_entry(wide):
    problem, frame = load(wide, label="income,married,size"), pd.read_csv(wide)
    assert [(task.name, task.classes) for task in problem.tasks] == [
        ("income", None),
        ("married", ("no", "yes")),
        ("size", ("0", "1", "2")),
    ]
    assert list(problem.target.inputs.columns) == ["p", "q"]
    for number, name in enumerate(("income", "married", "size")):
        mine = problem.target.task == number
        known = frame[name].notna()
        assert problem.target.row[mine].tolist() == np.flatnonzero(known).tolist()
        assert np.array_equal(problem.target.inputs["p"][mine], frame["p"][known])
    married = problem.target.task == 1
    assert np.array_equal(problem.target.y[married] == 1, frame["married"].dropna() == "yes")
    assert problem.n_labeled == frame[["income", "married", "size"]].notna().any(axis=1).sum()
    assert problem.tasks[0].spread == pytest.approx(frame["income"].std(ddof=0))


def test_a_column_tells_the_task(long):
    problem, frame = load(long, label="score", task="school"), pd.read_csv(long)
    assert [task.name for task in problem.tasks] == ["0", "1", "2"]
    assert {task.classes for task in problem.tasks} == {None}
    assert {task.space for task in problem.tasks} == {0}
    assert np.array_equal(problem.target.task, frame["school"])
    assert np.array_equal(problem.target.y, frame["score"])
    assert list(problem.target.inputs.columns) == ["p", "q"]


def test_tasks_that_share_a_class_have_the_same_ones():
    """Sentiment of two shops, and kinds of animals: two spaces."""
    names = np.array(["books"] * 20 + ["films"] * 20 + ["zoo"] * 20, dtype=object)
    labels = np.array((["bad", "good"] * 10) + (["good", "great"] * 10) + (["ape", "cat"] * 10), dtype=object)
    raw = RawData("rows", Modality.FEATURES, np.arange(120.0).reshape(60, 2), labels, also=(("shop", names),))
    problem = load(raw, task="shop")
    assert [task.classes for task in problem.tasks] == [("bad", "good", "great")] * 2 + [("ape", "cat")]
    assert [task.space for task in problem.tasks] == [0, 0, 1] or [task.space for task in problem.tasks] == [1, 1, 0]


def test_an_npz_names_its_array_of_tasks(tmp_path):
    path, rng = tmp_path / "set.npz", np.random.default_rng(0)
    np.savez(path, X=rng.normal(size=(40, 3)), y=np.arange(40) % 2, task=np.arange(40) % 4)
    problem = load(path, task="task")
    assert len(problem.tasks) == 4
    assert problem.tasks[0].classes == ("0", "1")
    with pytest.raises(InputError, match="no array 'group' for --task"):
        load(path, task="group")


def test_test_rows_keep_together_with_all_their_labels(wide):
    problem = load(wide, label="income,married,size", test_size=0.3)
    assert not set(problem.test.row) & set(problem.target.row)
    assert len(set(problem.test.row)) == pytest.approx(0.3 * 60, abs=1)


def test_a_test_file_may_lack_a_label_column(wide, tmp_path):
    frame = pd.read_csv(wide)
    test = written(frame.iloc[30:].drop(columns=["size"]), tmp_path / "test.csv")
    target = written(frame.iloc[:30], tmp_path / "target.csv")
    problem = load(target, label="income,married,size", test=str(test))
    assert set(problem.test.task) == {0, 1}
    assert len(problem.test) == frame.iloc[30:][["income", "married"]].notna().sum().sum()


def test_training_rows_that_are_test_rows_too_are_dropped(long, tmp_path):
    frame = pd.read_csv(long)
    test = written(frame.iloc[:20], tmp_path / "test.csv")
    problem = load(long, label="score", task="school", test=str(test))
    assert set(problem.target.row) == set(range(20, 90))


def test_tasks_without_variation_are_left_out_and_said(wide, tmp_path):
    frame = pd.read_csv(wide).assign(same="x")
    problem = load(written(frame, tmp_path / "same.csv"), label="income,married,same")
    assert [task.name for task in problem.tasks] == ["income", "married"]
    assert any("do not vary were left out: 'same'" in note for note in problem.notes)


def test_columns_that_repeat_one_of_the_labels_are_dropped(wide, tmp_path):
    frame = pd.read_csv(wide).dropna()
    problem = load(written(frame.assign(leak=3 * frame["income"]), tmp_path / "leak.csv"), label="income,married,size")
    assert "leak" not in problem.target.inputs.columns


def test_a_metric_settles_what_numbers_are_where_no_task_would_have_it(tmp_path):
    frame = pd.DataFrame({"p": np.arange(40.0), "a": np.arange(40) % 3, "b": np.arange(40) % 4})
    path = written(frame, tmp_path / "counts.csv")
    assert [task.classes is None for task in load(path, label="a,b").tasks] == [False, False]
    assert [task.classes is None for task in load(path, label="a,b", metric="r2").tasks] == [True, True]


def test_a_column_whose_name_holds_a_comma_is_one_label(tmp_path):
    frame = pd.DataFrame({"p": np.arange(20.0), "a,b": ["x", "y"] * 10, "a": 1, "b": 2})
    assert load(written(frame, tmp_path / "comma.csv"), label="a,b").classes == ("x", "y")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"label": "income,merried"}, "no column 'merried' for --label"),
        ({"label": "income,income"}, "names a column twice"),
        ({"task": "town"}, "no column 'town' for --task"),
        ({"label": "income,married", "unlabeled": "wide"}, "--unlabeled"),
        ({"label": "income,married", "classes": "demo:zeroshot-classes"}, "--classes"),
    ],
)
def test_what_cannot_be_is_one_line(wide, settings, words):
    given = {key: str(wide) if value == "wide" else value for key, value in settings.items()}
    with pytest.raises(InputError, match=words):
        load(wide, **given)


def test_unknown_labels_and_tasks_of_a_test_file_are_refused(long, wide, tmp_path):
    other = written(pd.read_csv(long).assign(school=7), tmp_path / "other.csv")
    with pytest.raises(InputError, match="task '7' never occurs"):
        load(long, label="score", task="school", test=str(other))
    wrong = written(pd.read_csv(wide).assign(married="maybe"), tmp_path / "wrong.csv")
    with pytest.raises(InputError, match="the label 'maybe' of task 'married'"):
        load(wide, label="income,married", test=str(wrong))


def test_rows_without_a_column_of_tasks_cannot_have_several():
    raw = RawData("rows", Modality.FEATURES, np.zeros((20, 2)), np.arange(20.0))
    with pytest.raises(InputError, match="--task is for tables"):
        load(raw, task="school")
