"""Books on disk: what is written is read, and what is not as the format says is refused in one line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from autotransfer.errors import InputError
from autotransfer.sourcebook.book import Book, open_book, write_book

NAMES, OFFSETS = ("a.csv", "b/c.npz", "zoo:d"), np.array([0, 2, 3, 6])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_book(tmp_path / "book", "zoo:photo-resnet", NAMES, OFFSETS, np.random.default_rng(0).normal(size=(6, 5)))
    return tmp_path / "book"


def test_what_is_written_is_read(folder: Path) -> None:
    """Unit rows around the mean, half precision in full width, an orthonormal basis; arrays are mapped."""
    book = open_book(folder)
    means = np.random.default_rng(0).normal(size=(6, 5))
    assert (book.space, book.names) == ("zoo:photo-resnet", NAMES)
    np.testing.assert_array_equal(book.offsets, OFFSETS)
    np.testing.assert_allclose(book.centre, means.mean(axis=0), atol=1e-6)
    expected = means - means.mean(axis=0)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(book.fine, expected, atol=1e-3)
    np.testing.assert_allclose(book.unit(means), expected, atol=1e-5)
    np.testing.assert_allclose(book.basis.T @ book.basis, np.eye(5), atol=1e-5)
    np.testing.assert_allclose(book.project(book.unit(means)), book.coarse, atol=1e-5)
    assert isinstance(book.fine.base, np.memmap)
    assert isinstance(book, Book)


def edit(folder: Path, **changes: object) -> None:
    head = json.loads((folder / "book.json").read_text())
    (folder / "book.json").write_text(json.dumps({**head, **changes}))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 2}, "format 1"),
        ({"sources": "3"}, "sources is a number"),
        ({"sources": True}, "sources is a number"),
        ({"vectors": -1}, "vectors is a number"),
        ({"vectors": 10**12}, "vectors is a number"),
        ({"width": 6}, "another type or shape"),
        ({"space": None}, "URI of a model"),
        ({"names": ["a", "b"]}, "a list of 3"),
        ({"names": ["a", "b", "b"]}, "one name"),
        ({"names": ["a", "b", "book:other"]}, "no other books"),
        ({"names": ["a", "b", "\x1b[31m"]}, "printable"),
        ({"names": ["a", "b", 3]}, "printable"),
        ({"sources": 0, "names": []}, "another type or shape"),
    ],
)
def test_hostile_heads(folder: Path, changes: dict[str, object], words: str) -> None:
    edit(folder, **changes)
    with pytest.raises(InputError, match=words) as caught:
        open_book(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "array", "words"),
    [
        ("offsets", np.array([0, 3, 2, 6]), "run upwards"),
        ("offsets", np.array([0, 2, 2, 6]), "run upwards"),
        ("offsets", np.array([-1, 2, 3, 6]), "run upwards"),
        ("offsets", np.array([0.0, 2.0, 3.0, 6.0]), "another type or shape"),
        ("coarse", np.zeros((5, 5), np.float32), "another type or shape"),
        ("centre", np.full(5, np.nan, np.float32), "finite"),
        ("fine", np.zeros((6, 5), np.float32), "another type or shape"),
    ],
)
def test_hostile_arrays(folder: Path, name: str, array: np.ndarray, words: str) -> None:
    np.save(folder / f"{name}.npy", array)
    with pytest.raises(InputError, match=words):
        open_book(folder)


def test_a_pickle_is_not_opened(folder: Path, tmp_path: Path) -> None:
    """An object array whose unpickling would leave a mark."""

    class Mark:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "marked",)

    np.save(folder / "fine.npy", np.array([Mark()], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match=r"fine\.npy cannot be read"):
        open_book(folder)
    assert not (tmp_path / "marked").exists()


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 100_000], ids=["empty", "list", "cut", "deep"])
def test_what_is_no_book(tmp_path: Path, content: str) -> None:
    (tmp_path / "book.json").write_text(content)
    with pytest.raises(InputError):
        open_book(tmp_path)
    with pytest.raises(InputError, match="no book of sources"):
        open_book(tmp_path / "nowhere")


def test_a_full_folder_is_left_alone(folder: Path) -> None:
    with pytest.raises(InputError, match="new or empty"):
        write_book(folder, "", NAMES, OFFSETS, np.ones((6, 5)))
    with pytest.raises(InputError, match="finite"):
        write_book(folder / "new", "", NAMES, OFFSETS, np.full((6, 5), np.nan))
