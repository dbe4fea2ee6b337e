"""The table that reports show."""

from __future__ import annotations

from autotransfer.experience.reliability import reliability
from autotransfer.experience.seed import seed


def test_shares_are_shares_and_forecasts_are_in_order():
    found = reliability()
    bins = found.get("bins", [])
    assert all(0 <= each[key] <= 1 for each in bins for key in ("risk", "negative"))
    assert [each["risk"] for each in bins] == sorted(each["risk"] for each in bins)
    assert bool(bins) == ("targets" in found)


def test_it_is_about_the_experience_that_ships():
    rows = [row for row in seed() if row.gain is not None]
    assert reliability()["targets"] == len({row.target for row in rows})
    assert sum(each["arms"] for each in reliability()["bins"]) == len(rows)
