"""Flags and their words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autotransfer.assets import SOURCE_ASSETS, Asset, describe, missing

SETS = st.sets(st.sampled_from(list(Asset))).map(lambda chosen: Asset(sum(flag.value for flag in chosen)))


@given(needs=SETS, offered=SETS)
def test_missing_is_set_difference(needs, offered):
    """missing = needs \\ offered: empty exactly when the needs are a subset."""
    lacking = missing(needs, offered)
    assert set(lacking) == set(needs) - set(offered)
    assert (not lacking) == (needs & offered == needs)


@given(assets=SETS)
def test_each_flag_has_words_of_its_own(assets):
    words = describe(assets)
    parts = [] if words == "nothing" else words.split(", ")
    assert len(parts) == len(set(parts)) == len(list(assets))


def test_source_assets_are_those_that_no_target_can_offer():
    assert not SOURCE_ASSETS & (Asset.TARGET_LABELS | Asset.TARGET_UNLABELED)
    assert Asset.SOURCE_INPUTS | Asset.PRETRAINED in SOURCE_ASSETS
