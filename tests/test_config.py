"""Configurations to JSON and back, for every installed method, and what is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.config import flatten, from_json, to_json
from autotransfer.errors import InputError
from autotransfer.plugins import load_catalogue


@dataclass(frozen=True)
class Round:
    kind: ClassVar[str] = "round"
    radius: float = 1.0


@dataclass(frozen=True)
class Square:
    kind: ClassVar[str] = "square"
    side: int = 2
    colors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    shape: Round | Square = field(default_factory=Round)
    title: str = "none"
    size: float | None = None


SHAPES = st.builds(Round, st.floats(allow_nan=False)) | st.builds(
    Square, st.integers(-(2**53), 2**53), st.lists(st.text(max_size=3), max_size=3).map(tuple)
)
PICTURES = st.builds(Picture, SHAPES, st.text(max_size=5), st.none() | st.floats(allow_nan=False))


@given(picture=PICTURES)
def test_json_and_back_is_the_identity(picture):
    assert from_json(Picture, json.loads(json.dumps(to_json(picture)))) == picture


@given(picture=PICTURES)
def test_flat_names_are_those_of_the_fields(picture):
    flat = flatten(picture)
    assert flat["shape"] == picture.shape.kind
    assert flat["title"] == picture.title
    inner = {name.removeprefix("shape."): value for name, value in flat.items() if name.startswith("shape.")}
    assert inner == to_json(picture.shape)


def test_every_installed_default_survives():
    catalogue = load_catalogue(())
    for config in [*(method() for method in catalogue.methods.values()), *catalogue.encoders]:
        assert from_json(type(config), json.loads(json.dumps(to_json(config)))) == config


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"colour": 1}, "Picture has no setting 'colour'"),
        ({"shape": {"kind": "oval"}}, "Picture.shape has no kind 'oval': it has round, square"),
        ({"shape": {}}, "no kind None"),
        ({"shape": {"kind": "round", "side": 1}}, "Round has no setting 'side'"),
        ({"title": {"kind": "round"}}, "Picture.title has no kind"),
    ],
)
def test_unknown_names_and_kinds_are_named(data, words):
    with pytest.raises(InputError, match=words):
        from_json(Picture, data)
