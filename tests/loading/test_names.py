"""Names that differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autotransfer.loading.names import unique_name, unique_names


@given(st.lists(st.sampled_from(["a", "a-2", "b"])))
def test_names_differ_and_keep_their_beginning(names):
    found = unique_names(names)
    assert len(set(found)) == len(names)
    assert all(new.startswith(old) for new, old in zip(found, names, strict=True))


def test_first_free_number():
    assert unique_name("all", {"all", "all-2"}) == "all-3"
