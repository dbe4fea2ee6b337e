"""Words, and what a bridge offers."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.bridge import Bridge, no_pairs, words

PAIRS = np.array([["a", "b"]], dtype=object)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't stop, 2 times!", ["don", "t", "stop", "2", "times"]),
        ("ÄRGER a\u0308rger", ["ärger", "ärger"]),
        ("ọ̀rọ̀", ["ọ̀rọ̀"]),
        ("ok 😀😀❤", ["ok", "😀", "😀", "❤"]),
        ("ሰላም ነው", ["ሰላም", "ነው"]),
        (" .,-", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_offers() -> None:
    assert Bridge().offers() is Asset.NONE
    assert Bridge(PAIRS).offers() == Asset.PARALLEL | Asset.DICTIONARY
    assert Bridge(words=PAIRS).offers() == Asset.DICTIONARY
    assert Bridge(translated={"a": "b"}).offers() == Asset.TRANSLATOR
    assert no_pairs().shape == (0, 2)
