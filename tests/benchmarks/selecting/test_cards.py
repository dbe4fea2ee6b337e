"""What data sets are about."""

from __future__ import annotations

import pytest

from benchmarks.selecting.cards import card, relation


@pytest.mark.parametrize(
    ("name", "classes"),
    {
        "oxford_pets": 37,
        "CUB2011": 200,
        "NABirds": 555,
        "ImageNet": 1000,
        "CIFAR100": 100,
        "VOC2007": 20,
        "Caltech101": 101,
        "SUN397": 397,
        "Pet": 37,
        "stanford_dogs": 120,
        "SVHN": 10,
        "VLCS": 5,
    }.items(),
)
def test_classes_add_up(name: str, classes: int) -> None:
    """To the number of classes that the data set is known by."""
    assert card(name).classes == classes


def test_relation() -> None:
    """A data set covers itself; dogs cover 25 of 37 pets; classes count once each; digits and dogs share nothing."""
    assert relation("cub", "cub") == (1.0, 1.0)
    assert relation("dogs", "pets") == (25 / 37, 1.0)
    assert relation("cub", "nabirds") == (200 / 555, 1.0)
    assert relation("nabirds", "cub") == (1.0, 1.0)
    assert relation("svhn", "dogs") == (0.0, 0.0)


def test_unknown_names_are_an_error() -> None:
    with pytest.raises(KeyError):
        card("nonsense")
