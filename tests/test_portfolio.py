"""The file of places that ships with the package."""

from __future__ import annotations

from autotransfer.plugins import load_catalogue
from autotransfer.portfolio import order


def test_places_are_those_of_installed_methods() -> None:
    """Places run from 0 without a gap, each for a transfer method of the catalogue."""
    places, methods = order(), load_catalogue(()).methods
    assert sorted(places.values()) == list(range(len(places)))
    assert all(methods[name].is_transfer() for name in places)
