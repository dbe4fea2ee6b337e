from __future__ import annotations

from autotransfer.recent import Recent


def test_forgets_what_was_used_longest_ago() -> None:
    recent: Recent[str] = Recent(3, lambda item: 1)
    for key in "abc":
        recent.put(key, key)
    assert recent.get("a") == "a"
    recent.put("d", "d")
    assert [recent.get(key) for key in "abcd"] == ["a", None, "c", "d"]


def test_keeps_nothing_larger_than_the_limit() -> None:
    recent: Recent[bytes] = Recent(10, len)
    recent.put("large", bytes(11))
    assert recent.get("large") is None
    recent.put("small", bytes(10))
    assert recent.get("small") == bytes(10)
