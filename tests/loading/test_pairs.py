"""The form of a problem whose source has captions: what they name, and what an encoder adds."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.loading.pairs import named_classes
from autotransfer.problem import RawData
from autotransfer.task import Source
from autotransfer.testing.networks import NETWORKS

NAMES = ("polar bear", "cat", "dog")
ALL = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def images(name: str, n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (n, 6, 6, 3), dtype=np.uint8)


def target(labels: tuple[str, ...] | None = NAMES, n: int = 30) -> RawData:
    y = None if labels is None else np.array([labels[i % len(labels)] for i in range(n)], dtype=object)
    return RawData("t", Modality.IMAGE, images("t", n, 0), y)


def pairs(captions: list[str], name: str = "p", seed: int = 1) -> RawData:
    said = np.array(captions, dtype=object)
    return RawData(name, Modality.IMAGE, images(name, len(said), seed), captions=said)


SAID = ["a cat", "two dogs", "a cat and a dog", "Polar-bears in snow", "a house", "catalogue"]


@pytest.fixture
def classes(tmp_path) -> str:
    path = tmp_path / "classes.csv"
    path.write_text("name,words\ncat,small\ndog,\npolar bear,white and large\nyak,shaggy\n", "utf-8")
    return str(path)


def test_whole_words_name_one_class() -> None:
    """Plurals and hyphens count, parts of other words do not, two classes are none."""
    assert named_classes(np.array(SAID, dtype=object), ("polar_bear", "Cat", "dog")).tolist() == [1, 2, -1, 0, -1, -1]
    assert named_classes(np.array([], dtype=object), NAMES).tolist() == []


def test_beside_labels_pairs_stay_and_named_rows_are_another_source(load) -> None:
    problem = load(target(), pairs(SAID))
    whole, named = problem.sources
    assert whole.offers == Asset.SOURCE_INPUTS | Asset.PAIRS
    assert whole.captions.tolist() == SAID
    assert (named.name, named.offers, named.rows.captions) == ("p by name", ALL, None)
    assert named.rows.labels.tolist() == [problem.classes.index(name) for name in ("cat", "dog", "polar bear")]
    assert any("3 of 6 captions name one class of the target" in note for note in problem.notes)


def test_without_labels_named_rows_take_the_place_of_the_pairs(load, classes) -> None:
    """Only they can tell how good a model is; the class that no caption names stays a class."""
    problem = load(target(None), pairs(SAID), classes=classes)
    (source,) = problem.sources
    assert source.offers == ALL | Asset.PAIRS
    assert source.captions.tolist() == ["a cat", "two dogs", "Polar-bears in snow"]
    assert problem.classes == ("cat", "dog", "polar bear", "yak")
    assert problem.class_words == ("small", "", "white and large", "shaggy")
    assert problem.n_labeled == 0


def test_without_labels_two_classes_must_be_named(load, classes) -> None:
    with pytest.raises(InputError, match="1 of 3 captions name one class of the target, and two classes at least"):
        load(target(None), pairs(["a cat", "a house", "a tree"]), classes=classes)


def test_classes_that_neither_labels_nor_captions_name_are_told(load, classes) -> None:
    """Their place is taken, in folds, by classes that captions do name: no rows of those by name, and a warning."""
    problem = load(target(), pairs(SAID), classes=classes)
    assert [source.name for source in problem.sources] == ["p"]
    assert problem.unseen.tolist() == [3]
    assert any("no caption names 'yak'" in note and "flatter" in note for note in problem.notes)
    known = load(target(), pairs([*SAID, "a yak"]), classes=classes)
    assert [source.name for source in known.sources] == ["p", "p by name"]


def test_encoders_see_the_pairs_too(load) -> None:
    """A model's source gets the rows of all pairs, and keeps its head."""
    encoder = NETWORKS[Modality.IMAGE]
    model = Source("net", Asset.PRETRAINED | Asset.TRAINABLE, encoder=encoder)
    problem = load(target(), pairs(SAID), pairs(["a dog"] * 2, "q", 2), model)
    found = {source.name: source for source in problem.sources}
    joined = found["net + p + q"]
    assert joined.encoder is encoder
    assert joined.offers == model.offers | Asset.SOURCE_INPUTS | Asset.PAIRS
    assert joined.captions.tolist() == [*SAID, "a dog", "a dog"]
    assert "net" not in found


def test_images_of_the_target_are_dropped_with_their_captions(load) -> None:
    own = target()
    both = np.concatenate([own.inputs[:2], images("p", 2, 5)])
    said = np.array(["first", "second", "a cat", "a dog"], dtype=object)
    problem = load(own, RawData("p", Modality.IMAGE, both, captions=said))
    assert problem.sources[0].captions.tolist() == ["a cat", "a dog"]


def test_captions_that_do_not_go_with_rows_are_refused(load) -> None:
    for said in (np.array(["one"], dtype=object), np.array([1, 2, 3], dtype=object)):
        with pytest.raises(InputError, match="its captions do not go with its 3 rows"):
            load(target(), RawData("p", Modality.IMAGE, images("p", 3, 1), captions=said))


def test_captions_of_the_target_are_said_to_be_left_alone(load, classes) -> None:
    problem = load(pairs(SAID), pairs(SAID, "q", 2), classes=classes)
    assert problem.unlabeled.captions is None
    assert any("captions of the target are not looked at" in note for note in problem.notes)


def test_values_have_no_names(load) -> None:
    values = RawData("t", Modality.IMAGE, images("t", 30, 0), np.random.default_rng(0).normal(size=30))
    (source,) = load(values, pairs(SAID)).sources
    assert source.offers == Asset.SOURCE_INPUTS | Asset.PAIRS
