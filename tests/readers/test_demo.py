"""The demos that ship with the package."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from autotransfer.demos import DEMOS, FILES, SPECIES_THEN_SEX, TWO_LANGUAGES, demo_bundle
from autotransfer.demos.build_penguins import build
from autotransfer.demos.several_labels import TASKS
from autotransfer.demos.shapes import KINDS
from autotransfer.demos.species_and_sex import MEASURES, UNSEEN
from autotransfer.demos.species_then_sex import species_then_sex
from autotransfer.demos.strokes import strokes
from autotransfer.demos.two_languages import pairs, reviews
from autotransfer.errors import InputError
from autotransfer.problem import ReadOptions
from autotransfer.readers.demo import read, read_pairs


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_there_and_speaks_of_sex(name):
    raw = read(f"demo:{name}", ReadOptions())
    assert raw.label == "sex"
    assert {"male", "female"} <= set(raw.labels)
    assert not any("taken for the label" in note for note in raw.notes)
    assert read(f"demo:{name}", ReadOptions(label="year")).label == "year"


def test_bundles_name_existing_demos():
    for demo in DEMOS.values():
        assert demo_bundle(demo.target) is demo
        for uri in (demo.target, *demo.sources, demo.test):
            assert read(uri, ReadOptions()) is not None
    assert demo_bundle("demo:penguins-test") is None


def test_forty_labelled_birds_and_none_of_them_in_the_test_set():
    target, test = (read(uri, ReadOptions()) for uri in ("demo:penguins", "demo:penguins-test"))
    assert sorted(filter(None, target.labels)) == ["female"] * 20 + ["male"] * 20
    assert len(target.inputs.merge(test.inputs)) == 0


def test_the_zero_shot_demo_hides_two_classes_and_no_bird_is_in_both_parts():
    target, test = (read(uri, ReadOptions()) for uri in ("demo:zeroshot", "demo:zeroshot-test"))
    assert len(set(test.labels)) == 6
    assert set(test.labels) - set(target.labels) == set(UNSEEN)
    assert len(target.inputs) + len(test.inputs) == 333  # all birds of known sex
    sizes = {label: (target.labels == label).sum() / (test.labels == label).sum() for label in set(target.labels)}
    assert all(1.8 < ratio < 2.2 for ratio in sizes.values())


def test_the_multimodal_demo_draws_the_same_each_time_and_says_what_it_drew():
    first, again = (read("demo:multimodal-pairs", ReadOptions()) for _ in range(2))
    assert (first.inputs == again.inputs).all()
    assert first.captions.tolist() == again.captions.tolist()
    assert all(sum(kind in caption for kind in KINDS) == 1 for caption in first.captions)
    target, test = (read(uri, ReadOptions()) for uri in ("demo:multimodal", "demo:multimodal-test"))
    assert sorted(target.labels) == sorted([*KINDS] * 4)
    assert not {image.tobytes() for image in target.inputs} & {image.tobytes() for image in test.inputs}


def test_the_few_shot_demo_has_one_drawing_of_each_class_and_a_source_of_others():
    target, source, test = (read(f"demo:fewshot{part}", ReadOptions()) for part in ("", "-source", "-test"))
    assert [len(set(raw.labels)) for raw in (target, source, test)] == [5, 25, 5]
    assert len(target.labels) == 5
    assert set(target.labels) == set(test.labels)
    assert not set(target.labels) & set(source.labels)
    assert source.inputs.shape == (300, 28, 28)
    assert np.array_equal(strokes("fewshot").inputs, target.inputs)  # at every call
    images = np.concatenate([raw.inputs for raw in (target, source, test)])
    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == 405  # no drawing stands twice


def test_the_multitask_demo_hides_most_labels_of_its_birds_and_none_of_the_others():
    target, test = (read(f"demo:multitask{part}", ReadOptions()) for part in ("", "-test"))
    known = np.column_stack([pd.notna(target.labels), *(pd.notna(labels) for _, labels in target.also)])
    assert (target.label, *(name for name, _ in target.also)) == TASKS
    assert known.shape == (90, 3)
    assert known.any(axis=1).all()
    assert 0.4 < known.mean() < 0.7
    assert len(test.inputs) == 333 - 90
    assert all(pd.notna(labels).all() for labels in (test.labels, *(labels for _, labels in test.also)))


def test_unknown_demo():
    with pytest.raises(InputError, match=r"demo:pengins: no such demo; did you mean 'penguins'"):
        read("demo:pengins", ReadOptions())


def test_build_splits_by_species_and_sex(tmp_path):
    """Every bird with measurements lands in exactly one file."""
    sexes = ["male", "female"] * 25 + [None]
    birds = pd.concat(
        pd.DataFrame({"species": species, "sex": sexes, "bill_length_mm": range(51), "bill_depth_mm": 1.0})
        for species in ("Gentoo", "Adelie", "Chinstrap")
    ).assign(island="x", flipper_length_mm=2, body_mass_g=3, year=2007)
    birds.to_csv(tmp_path / "penguins.csv", index=False)
    build(tmp_path / "penguins.csv", tmp_path)
    sizes = {path.stem: len(pd.read_csv(path)) for path in tmp_path.glob("penguins_*.csv")}
    expected = {"gentoo": 41, "gentoo_test": 10, "adelie": 51, "chinstrap": 51}
    assert sizes == {f"penguins_{name}": n for name, n in expected.items()}


def test_the_continual_demo_is_two_tasks_in_the_same_columns():
    """Sex of Gentoo birds, 40 of them labelled; species of the others, which are no Gentoo."""
    target, test, species = (species_then_sex(name) for name in SPECIES_THEN_SEX)
    assert [list(part.inputs.columns) for part in (target, test, species)] == [MEASURES] * 3
    labels = [label for label in target.labels if label is not None]
    assert sorted(set(labels)) == ["female", "male"]
    assert len(labels) == 40
    assert sorted(set(species.labels)) == ["Adelie", "Chinstrap"]
    assert set(test.labels) == {"female", "male"}


def test_the_two_languages_say_the_same() -> None:
    """Every English word has one German companion, and every review is repeated at each call."""
    german, english = (read(f"demo:{name}", ReadOptions()) for name in TWO_LANGUAGES[:2])
    assert (len(german.inputs), len(english.inputs)) == (200, 240)
    assert sum(label is not None for label in german.labels) == 40
    assert all(a.count(".") == b.count(".") > 0 for a, b in pairs("crosslingual-parallel"))
    assert len({tuple(pair) for pair in pairs("crosslingual-dictionary")}) == 47
    assert (reviews("crosslingual").inputs == german.inputs).all()


def test_unknown_translations_are_refused() -> None:
    assert read_pairs("words.csv") is None
    with pytest.raises(InputError, match="no such translations"):
        read_pairs("demo:crosslingual-nothing")
