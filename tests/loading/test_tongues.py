"""Telling languages apart, and turning pairs the right way round."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.loading import load_problem
from autotransfer.plugins import load_catalogue
from autotransfer.problem import Problem, RawData, ReadOptions
from autotransfer.readers.demo import read
from autotransfer.settings import Settings

ENGLISH, GERMAN = "demo:crosslingual-english", "demo:crosslingual"
PARALLEL = "demo:crosslingual-parallel"


def load(target, sources, **options: str) -> Problem:
    return load_problem(target, sources, Settings(**options), load_catalogue().hook)


def half(uri: str, start: int) -> RawData:
    raw = read(uri, ReadOptions())
    assert raw is not None
    assert raw.labels is not None
    labels = np.where([label is None for label in raw.labels], "bad", raw.labels).astype(object)
    return RawData(f"{raw.name}{start}", Modality.TEXT, np.asarray(raw.inputs)[start::2], labels[start::2])


def test_another_language_is_seen_and_said() -> None:
    problem = load(GERMAN, [ENGLISH])
    assert Asset.OTHER_LANGUAGE in problem.sources[0].offers
    assert problem.bridge is None
    assert any("another language" in note for note in problem.notes)


def test_the_same_language_is_not() -> None:
    problem = load(half(GERMAN, 0), [half(GERMAN, 1)])
    assert Asset.OTHER_LANGUAGE not in problem.sources[0].offers


def test_pooled_sources_are_foreign_where_all_are() -> None:
    both = load(half(GERMAN, 0), [half(ENGLISH, 0), half(ENGLISH, 1)])
    assert Asset.OTHER_LANGUAGE in both.sources[-1].offers
    mixed = load(half(GERMAN, 0), [half(ENGLISH, 0), half(GERMAN, 1)])
    assert Asset.OTHER_LANGUAGE not in mixed.sources[-1].offers


def test_pairs_are_turned_round_where_their_columns_are(tmp_path: Path) -> None:
    file = tmp_path / "words.csv"
    file.write_text("de,en\nkalt,cold\nsauber,clean\n", encoding="utf-8")
    problem = load(GERMAN, [ENGLISH], dictionary=str(file), parallel=PARALLEL)
    assert problem.bridge is not None
    assert problem.bridge.words.tolist() == [["cold", "kalt"], ["clean", "sauber"]]
    assert any("turned round" in note for note in problem.notes)
    assert Asset.PARALLEL | Asset.DICTIONARY in problem.offered(problem.sources[0])


def test_a_translator_is_run_once_when_the_data_are_loaded() -> None:
    problem = load(
        GERMAN, [ENGLISH], translator=f"{sys.executable} -c 'import sys; print(sys.stdin.read(), end=str())'"
    )
    assert problem.bridge is not None
    assert set(problem.bridge.translated) == set(problem.sources[0].rows.inputs)
    assert Asset.TRANSLATOR in problem.offered(problem.sources[0])


@pytest.mark.parametrize(
    ("target", "sources", "options", "words"),
    [
        ("demo:penguins", ["demo:penguins-adelie"], {"parallel": PARALLEL}, "--parallel: it is for texts"),
        (GERMAN, [GERMAN + "-test"], {"dictionary": PARALLEL}, "--dictionary: no source with texts in another"),
        (GERMAN, [], {"translator": "cat"}, "--translator: no source"),
    ],
)
def test_a_bridge_to_nowhere_is_refused(target: str, sources: list[str], options: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        load(target, sources, **options)


def test_pairs_in_other_languages_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "words.csv"
    file.write_text("fi,hu\nkylmä,hideg\n", encoding="utf-8")
    with pytest.raises(InputError, match="no word of it stands"):
        load(GERMAN, [ENGLISH], dictionary=str(file))
