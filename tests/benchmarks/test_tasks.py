"""Task files: disjoint cuts, poisonings that destroy exactly what they say, and every loader on the real data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.tasks import heart, lists, sentiment, wine
from benchmarks.tasks.poison import POISONS, flip_labels, relabel_at_random, shuffle_columns, shuffle_labels
from benchmarks.tasks.rows import Rows, split_labelled, split_per_class
from benchmarks.tasks.task import Parts, Recipe


def table(n: int = 30) -> Rows:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=n), "b": [f"w{i}" for i in range(n)]})
    return Rows(frame, np.where(np.arange(n) % 3 == 0, "yes", "no"), label="answer")


def arrays(n: int = 30) -> Rows:
    rng = np.random.default_rng(0)
    return Rows(rng.integers(0, 255, (n, 4, 4)).astype(np.uint8), np.arange(n) % 3)


def test_stratified_split_is_disjoint_and_complete() -> None:
    """train ∪ test = rows, train ∩ test = ∅, and class shares are kept."""
    rows = table()
    train, test = split_labelled(rows, 12, seed=1)
    assert sorted([*train.inputs["b"], *test.inputs["b"]]) == sorted(rows.inputs["b"])
    assert (train.y == "yes").sum() == 4


def test_per_class_split_takes_n_of_each() -> None:
    """Each class has exactly n training rows; everything else is test."""
    rows = Rows(np.arange(30)[:, None], np.arange(30) % 3)
    train, test = split_per_class(rows, 4, seed=1)
    assert np.bincount(train.y).tolist() == [4, 4, 4]
    assert sorted([*train.inputs[:, 0], *test.inputs[:, 0]]) == list(range(30))


@pytest.mark.parametrize("split", [split_labelled, split_per_class])
def test_splits_follow_the_seed(split) -> None:
    """Equal seeds give equal cuts; other seeds give others."""
    rows = arrays()
    first, again, other = (split(rows, 4, seed)[0].inputs.tobytes() for seed in (0, 0, 1))
    assert first == again
    assert first != other


def test_table_is_written_with_the_label_last(tmp_path: Path) -> None:
    """A CSV read back holds inputs, then the label."""
    read = pd.read_csv(table().write(tmp_path, "t"))
    assert read.columns.tolist() == ["a", "b", "answer"]
    assert read["answer"].tolist() == table().y.tolist()


def test_arrays_are_written_unchanged(tmp_path: Path) -> None:
    """An npz read back equals what was written."""
    with np.load(arrays().write(tmp_path, "t")) as read:
        np.testing.assert_array_equal(read["X"], arrays().inputs)
        np.testing.assert_array_equal(read["y"], arrays().y)


@pytest.mark.parametrize("rows", [table(), arrays()], ids=["table", "arrays"])
def test_shuffled_labels_keep_inputs_and_counts(rows: Rows) -> None:
    """The multiset of labels stays, their order does not."""
    shuffled = shuffle_labels(rows, np.random.default_rng(0))
    assert shuffled.inputs is rows.inputs
    assert sorted(shuffled.y) == sorted(rows.y)
    assert shuffled.y.tolist() != rows.y.tolist()


def test_two_flipped_classes_change_places() -> None:
    """For two classes flipping is an involution that changes every label."""
    rows = table()
    flipped = flip_labels(rows)
    assert (flipped.y != rows.y).all()
    assert flip_labels(flipped).y.tolist() == rows.y.tolist()


def test_many_flipped_classes_move_on() -> None:
    """For k classes no label stays, and k flips are the identity."""
    rows = arrays()
    once = flip_labels(rows)
    assert (once.y != rows.y).all()
    assert flip_labels(flip_labels(once)).y.tolist() == rows.y.tolist()


def test_flipped_values_are_mirrored() -> None:
    """The mean and the spread stay, the correlation with the truth is −1."""
    rows = Rows(np.zeros((5, 1)), np.array([1.0, 2.0, 4.0, 8.0, 3.0]))
    flipped = flip_labels(rows)
    assert flipped.y.mean() == pytest.approx(rows.y.mean())
    assert np.corrcoef(flipped.y, rows.y)[0, 1] == pytest.approx(-1)


@pytest.mark.parametrize("rows", [table(), arrays()], ids=["table", "arrays"])
def test_shuffled_columns_keep_each_margin(rows: Rows) -> None:
    """Every column holds its values in another order; labels stay."""
    shuffled = shuffle_columns(rows, np.random.default_rng(0))
    before = rows.inputs.to_numpy() if isinstance(rows.inputs, pd.DataFrame) else rows.inputs.reshape(len(rows), -1)
    after = (
        shuffled.inputs.to_numpy()
        if isinstance(shuffled.inputs, pd.DataFrame)
        else shuffled.inputs.reshape(len(rows), -1)
    )
    assert all(sorted(a) == sorted(b) for a, b in zip(after.T, before.T, strict=True))
    assert (after != before).any(axis=0).all()
    assert shuffled.y.tolist() == rows.y.tolist()


def test_random_relabelling_is_a_map_of_classes() -> None:
    """Equal old labels get equal new labels, and different ones different ones while names last."""
    old = np.array(["ham", "spam", "ham", "egg"])
    new = relabel_at_random(old, np.array([0, 1, 2]), seed=3)
    assert new[0] == new[2]
    assert len(set(new.tolist())) == 3


@pytest.mark.parametrize("poison", list(POISONS))
def test_recipe_poisons_sources_alone(tmp_path: Path, poison) -> None:
    """Target and test files are byte for byte those of the honest task; the source file is not."""
    recipe = Recipe("toy", lambda data, seed: Parts(table(), table(9), {"other": table(21)}))
    honest, ruined = tmp_path / "honest", tmp_path / "ruined"
    honest.mkdir()
    ruined.mkdir()
    first = recipe.build(tmp_path, 0, honest)
    second = recipe.poisoned(poison).build(tmp_path, 0, ruined)
    assert (first.poisoned, second.poisoned) == (False, True)
    assert second.name == f"toy/{poison}"
    for name in ("target", "test"):
        assert (honest / f"{name}.csv").read_bytes() == (ruined / f"{name}.csv").read_bytes()
    assert Path(first.sources[0]).read_bytes() != Path(second.sources[0]).read_bytes()


def test_unrelated_rows_replace_the_sources(tmp_path: Path) -> None:
    """Where a task has rows from elsewhere they are its only source."""
    recipe = Recipe("toy", lambda data, seed: Parts(table(), table(9), {"other": table(21)}, unrelated=table(5)))
    task = recipe.poisoned("unrelated").build(tmp_path, 0, tmp_path)
    assert [Path(path).name for path in task.sources] == ["unrelated.csv"]


def test_lists_share_no_target() -> None:
    """Development tasks never have a target of the main list, names are unique, and quick lists name real tasks."""
    main, dev = lists.main_tasks(), lists.dev_tasks()
    assert len({recipe.name for recipe in main}) == len(main)
    assert not {recipe.name.split("/")[0] for recipe in main} & {recipe.name.split("/")[0] for recipe in dev}
    assert set(lists.QUICK_MAIN) <= {recipe.name for recipe in main}
    assert set(lists.QUICK_DEV) <= {recipe.name for recipe in dev}


def test_each_review_domain_has_five_others() -> None:
    """No domain is its own source, and the sources are distinct."""
    for domain in sentiment.DOMAINS:
        sources = sentiment.sources_of(domain)
        assert len(set(sources)) == 5
        assert domain not in sources


@pytest.mark.data
@pytest.mark.parametrize("hospital", heart.HOSPITALS)
def test_heart_task(data_dir: Path, tmp_path: Path, hospital: str) -> None:
    """Forty labelled rows, both classes, no row in target and test, three other hospitals."""
    task = heart.RECIPES[hospital].build(data_dir, 0, tmp_path)
    target, test = pd.read_csv(task.target), pd.read_csv(task.test)
    assert len(target) == heart.LABELLED
    assert target["num"].nunique() == 2
    assert len(task.sources) == 3
    assert f"{hospital}.csv" not in {Path(path).name for path in task.sources}
    assert (
        len(target) + len(test) == {"cleveland": 303, "hungarian": 293, "switzerland": 123, "va": 199}[hospital]
    )  # two copies are left out


@pytest.mark.data
@pytest.mark.parametrize("recipe", [*lists.main_tasks()[4:14], *lists.dev_tasks()[:9]], ids=lambda recipe: recipe.name)
def test_every_loader_reads_its_data(data_dir: Path, recipe: Recipe) -> None:
    """Target, test and sources have one form, the target is small, and sources know its classes."""
    parts = recipe.load(data_dir, 0)
    assert len(parts.target) <= 60 < len(parts.test)
    for source in parts.sources.values():
        assert type(source.inputs) is type(parts.target.inputs)
        assert recipe.metric == "rmse" or set(parts.target.y) == set(source.y)


@pytest.mark.data
def test_wine_labels_are_values(data_dir: Path) -> None:
    """Quality is a float, so that it is written with a decimal point and mirrored when flipped."""
    parts = wine.RECIPES["red"].load(data_dir, 0)
    assert parts.target.y.dtype == np.float64
