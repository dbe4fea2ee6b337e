"""Descriptions of classes: numbers as they are, words through an encoder, one line for everything that is wrong."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.encoders.char_tfidf import CharTfidfEncoder
from autotransfer.errors import InputError, MissingDependencyError
from autotransfer.loading.descriptions import SENTENCE, read_descriptions
from autotransfer.task import Source


@pytest.fixture
def described(tmp_path, hook):
    """``described(text)``: the descriptions in a file of that text."""

    def run(text: str, relay=hook, name: str = "classes.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return read_descriptions(str(tmp_path / name), relay)

    return run


def test_numbers_are_attributes(described):
    found = described("name,stripes,legs\ncat,0,4\n 7 ,1.5,2\n")
    assert found.names == ("cat", "7")
    np.testing.assert_array_equal(found.attributes, np.array([[0, 4], [1.5, 2]], np.float32))
    assert found.notes == ()


def test_words_beside_numbers_are_left_out_with_a_note(described):
    found = described("name,text,legs\ncat,it purrs,4\nhen,it clucks,2\n")
    assert found.attributes.tolist() == [[4.0], [2.0]]
    assert "columns of words were left out: 'text'" in found.notes[0]


@pytest.mark.parametrize("text", ["name\nhouse cat\nwild cat\n", "name,a,b\nx,house cat,\ny,,wild cat\n"])
def test_words_without_a_sentence_encoder_are_read_by_their_spelling(described, text: str):
    """The names themselves where nothing else is said."""
    found = described(text)
    assert CharTfidfEncoder.name in found.notes[0]
    assert "knows no meanings" in found.notes[0]
    assert found.attributes.tolist() == described("name\nhouse cat\nwild cat\n").attributes.tolist()


def test_an_installed_sentence_encoder_reads_the_words(described):
    def open_source(uri: str) -> Source | None:
        assert uri == SENTENCE
        return Source(uri, Asset.PRETRAINED, encoder=_Length())

    found = described("name,text\ncat,it purrs\nhen,it clucks loudly\n", SimpleNamespace(open_source=open_source))
    assert found.attributes.ravel().tolist() == [8.0, 16.0]
    assert SENTENCE in found.notes[0]


class _Length:
    """Stands in for an encoder: the number of characters."""

    def fit(self, data):
        return self

    def transform(self, data):
        return np.array([[len(text)] for text in data.inputs], np.float32)


def test_missing_packages_are_named(described, hook):
    def open_source(uri: str):
        raise MissingDependencyError("the encoder", "sentence-transformers", "text")

    relay = SimpleNamespace(open_source=open_source, encoders=hook.encoders)
    assert "pip install 'autotransfer[text]'" in described("name\ncat\nhen\n", relay).notes[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,legs\ncat,4\ncat,2\n", "'cat' is not"),
        ("name,legs\ncat,4\n", "two classes or more"),
        ("name,legs\ncat,4\n,2\n", "'' is not"),
        ("name,legs\ncat,4\nhen,\n", "class 'hen' has no value for 'legs'; fill it in"),
    ],
)
def test_what_is_wrong_is_said(described, text: str, words: str):
    with pytest.raises(InputError, match="classes") as error:
        described(text)
    assert words in str(error.value)


def test_other_files_and_unknown_demos_are_refused(described):
    with pytest.raises(InputError, match=r"\.csv or \.tsv file"):
        described("x", name="classes.npz")
    with pytest.raises(InputError, match="there are"):
        read_descriptions("demo:other", None)
