"""Making a book of sources, and opening the likest of them for a target."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autotransfer.errors import InputError
from autotransfer.indexing import index
from autotransfer.loading import load_problem
from autotransfer.plugins import load_catalogue
from autotransfer.problem import ReadOptions
from autotransfer.settings import Settings
from autotransfer.sourcebook.book import open_book

COUNT = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 sources whose rows lie around places on a circle, a target at place 7, one file of another width, one text."""
    base = tmp_path_factory.mktemp("sources")
    rng = np.random.default_rng(0)
    turn = np.linspace(0, 2 * np.pi, COUNT, endpoint=False)
    places = 10 * np.column_stack([np.cos(turn), np.sin(turn), 0 * turn])
    for number, place in [*enumerate(places), ("target", places[7])]:
        y = rng.integers(0, 2, 60)
        X = place + np.outer(y, [0, 0, 3.0]) + rng.normal(size=(60, 3))
        np.savez(base / f"{number}.npz", X=X, y=np.array(["no", "yes"])[y])
    np.savez(base / "wide.npz", X=rng.normal(size=(20, 5)), y=np.arange(20) % 2)
    (base / "texts.csv").write_text("text,label\n" + "".join(f'"words and more words {i}",a\n' for i in range(20)))
    return base


def made(folder: Path, out: Path, said: list[str], *more: str) -> None:
    names = [str(folder / f"{number}.npz") for number in range(COUNT)]
    index([*names, *more], "", out, ReadOptions(), load_catalogue().hook, said.append)


def test_what_cannot_be_in_it_is_told(folder: Path, tmp_path: Path) -> None:
    said: list[str] = []
    made(folder, tmp_path / "book", said, str(folder / "wide.npz"), str(folder / "texts.csv"), "nowhere.csv")
    assert len(open_book(tmp_path / "book").names) == COUNT
    assert [line.partition(": ")[0] for line in said] == ["left out"] * 3
    for line, words in zip(said, ("a book has one space", "need a space", "no such file"), strict=True):
        assert words in line


def test_the_likest_are_opened(folder: Path, tmp_path: Path) -> None:
    """Twenty of 40: those whose place is on the target's side, and the one at its own place. One that has been deleted
    since is a note."""
    made(folder, tmp_path / "book", [])
    gone = tmp_path / "gone.npz"
    hook = load_catalogue().hook
    problem = load_problem(str(folder / "target.npz"), [f"book:{tmp_path / 'book'}"], Settings(test_size=0.0), hook)
    opened = {int(source.name) for source in problem.sources if source.name != "all"}
    assert len(opened) == 20
    assert opened == {number % COUNT for number in range(7 - 10, 7 + 11)} & opened
    assert any("of 40 sources the likest 20 were opened" in note for note in problem.notes)
    (folder / "8.npz").rename(gone)
    try:
        problem = load_problem(str(folder / "target.npz"), [f"book:{tmp_path / 'book'}"], Settings(test_size=0.0), hook)
    finally:
        gone.rename(folder / "8.npz")
    assert len([source for source in problem.sources if source.name != "all"]) == 19
    assert any("8.npz" in note and "left out" in note for note in problem.notes)


@pytest.mark.parametrize(("uri", "words"), [("book:nowhere", "no book of sources"), ("book:", "no book of sources")])
def test_what_is_no_book(folder: Path, uri: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        load_problem(str(folder / "target.npz"), [uri], Settings(), load_catalogue().hook)


def test_a_target_of_another_space(folder: Path, tmp_path: Path) -> None:
    made(folder, tmp_path / "book", [])
    with pytest.raises(InputError, match="they share no space"):
        load_problem(str(folder / "wide.npz"), [f"book:{tmp_path / 'book'}"], Settings(), load_catalogue().hook)


def test_nothing_to_put_into_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not one of 1 sources"):
        index(["nowhere.csv"], "", tmp_path / "book", ReadOptions(), load_catalogue().hook, [].append)
