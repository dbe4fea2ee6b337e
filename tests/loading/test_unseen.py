"""The form of a zero-shot problem: which rows are learned from, and what is left of the sources."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.problem import RawData

NAMES = ("ape", "bat", "cat", "dog", "emu")


def rows(name: str, classes: tuple[str, ...], n: int = 250, *, labels: bool = True) -> RawData:
    rng = np.random.default_rng(len(name))
    y = np.array([classes[i % len(classes)] for i in range(n)], dtype=object) if labels else None
    return RawData(name, Modality.FEATURES, rng.normal(size=(n, 3)), y)


@pytest.fixture
def classes(tmp_path) -> str:
    path = tmp_path / "classes.csv"
    path.write_text("name,size\n" + "".join(f"{name},{index}\n" for index, name in enumerate(NAMES)), "utf-8")
    return str(path)


def test_described_classes_without_rows_are_unseen(load, classes):
    problem = load(rows("t", NAMES[:3]), classes=classes)
    assert problem.classes == NAMES
    assert problem.class_attributes.ravel().tolist() == [0, 1, 2, 3, 4]
    assert problem.unseen.tolist() == [3, 4]
    assert problem.offered(None) == Asset.TARGET_LABELS | Asset.CLASS_ATTRIBUTES | Asset.UNSEEN_CLASSES


def test_labelled_rows_are_not_tested_on_by_themselves(load, classes):
    """They would be of seen classes alone; a share that is asked for is given."""
    assert load(rows("t", NAMES[:3]), classes=classes).test is None
    assert load(rows("t", NAMES[:3]), classes=classes, test_size=0.2).test is not None
    assert load(rows("t", NAMES), classes=classes).test is not None


def test_sources_rows_stand_in_for_labels(load, classes):
    """The target's rows stay without labels; the sources are used up, notes say so."""
    problem = load(rows("t", NAMES, labels=False), rows("one", NAMES[:2]), rows("two!", NAMES[1:3]), classes=classes)
    assert problem.sources == ()
    assert len(problem.target) == 500
    assert problem.class_counts().tolist() == [125, 250, 125, 0, 0]
    assert len(problem.unlabeled) == 250
    assert any("the labelled rows of 'one', 'two!' take their place" in note for note in problem.notes)
    assert not any("scores are estimates" in note for note in problem.notes)


def test_a_target_without_labels_whose_classes_all_have_rows_is_like_any_other(load, classes):
    problem = load(rows("t", NAMES, labels=False), rows("source", NAMES), classes=classes)
    assert problem.n_labeled == 0
    assert len(problem.sources) == 1
    assert problem.unseen.tolist() == []


def test_sources_stay_where_the_target_has_labels(load, classes):
    problem = load(rows("t", NAMES[:3]), rows("source", NAMES[:2]), classes=classes)
    assert [source.name for source in problem.sources] == ["source"]
    assert problem.n_labeled == 250


def test_two_seen_classes_are_too_few(load, classes):
    problem = load(rows("t", NAMES[:2]), classes=classes)
    assert problem.unseen.tolist() == []
    assert any("2 of 5 described classes have labelled rows; 3 at least are needed" in note for note in problem.notes)


def test_a_label_without_a_description_is_named(load, classes):
    with pytest.raises(InputError, match="label 'gnu' is not among the class_names"):
        load(rows("t", ("ape", "bat", "gnu")), classes=classes)
