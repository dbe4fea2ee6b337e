"""Files of pairs."""

from __future__ import annotations

from pathlib import Path

import pytest

from autotransfer.errors import InputError
from autotransfer.loading.parallel import read_pairs


def read(folder: Path, content: str, name: str = "pairs.tsv"):
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return read_pairs("--parallel", str(path))


def test_two_columns(tmp_path: Path) -> None:
    pairs, notes = read(tmp_path, 'en\tde\nA "dog" barks\tEin Hund bellt\n2\tzwei\n')
    assert pairs.tolist() == [['A "dog" barks', "Ein Hund bellt"], ["2", "zwei"]]
    assert notes == ()


def test_rows_with_an_empty_side_are_left_out_and_said(tmp_path: Path) -> None:
    pairs, notes = read(tmp_path, "en,de\nyes,ja\nno,\n...,!\n", "pairs.csv")
    assert pairs.tolist() == [["yes", "ja"]]
    assert "2 rows" in notes[0]


def test_the_demos(tmp_path: Path) -> None:
    pairs, _ = read_pairs("--dictionary", "demo:crosslingual-dictionary")
    assert ["cold", "kalt"] in pairs.tolist()
    with pytest.raises(InputError, match="did you mean 'crosslingual-parallel'"):
        read_pairs("--parallel", "demo:crosslingual-paralel")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("en\tde\tfr\na\tb\tc\n", "pairs.tsv", "3 columns; give two"),
        ("en\na\n", "pairs.tsv", "1 columns; give two"),
        ("en\tde\n.\t!\n", "pairs.tsv", "no row has words in both"),
        ("x", "pairs.txt", "a file of pairs is"),
    ],
)
def test_other_files_are_refused_in_one_line(tmp_path: Path, content: str, name: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as error:
        read(tmp_path, content, name)
    assert "\n" not in str(error.value)
