"""Students made smaller: what is left of them, and what is stored."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from autotransfer_distillation.compressed import CompressedPredictor
from autotransfer_distillation.compression import Compression
from autotransfer_distillation.deep_compression import DeepCompression
from autotransfer_distillation.filter_pruning import FilterPruning
from autotransfer_distillation.int8_quantization import Int8Quantization
from autotransfer_distillation.knowledge_distillation import KnowledgeDistillation
from autotransfer_distillation.magnitude_pruning import MagnitudePruning

from autotransfer.nets import NetworkPredictor
from autotransfer.state import load_state, save_state
from autotransfer.task import Context

SHORT = {"epochs": 10, "teacher_epochs": 0, "width": 24, "retrain": 3}


@pytest.fixture(scope="module")
def whole(texts) -> NetworkPredictor:
    """The student that the others start from."""
    method = KnowledgeDistillation(epochs=10, teacher_epochs=0, width=24)
    return method.fit(texts.task, texts.source, Context())


def fitted(texts, method: Compression) -> CompressedPredictor:
    found = method.fit(texts.task, texts.source, Context())
    assert isinstance(found, CompressedPredictor)
    return found


def matrices(predictor: NetworkPredictor) -> dict[str, np.ndarray]:
    return {name: array for name, array in predictor.arrays.items() if array.ndim > 1}


def test_eight_bits_are_the_distilled_student_rounded(texts, whole) -> None:
    """Nothing is trained on: each weight is within half a step of the plain student's, vectors are equal."""
    found = fitted(texts, Int8Quantization(**SHORT)).network
    for name, array in whole.arrays.items():
        if array.ndim > 1:
            steps = np.abs(array).max(axis=1, keepdims=True) / 127
            assert (np.abs(found.arrays[name] - array) <= steps / 2 * (1 + 1e-4)).all()
        else:
            np.testing.assert_array_equal(found.arrays[name], array)


def test_pruned_weights_are_zero_and_not_counted(texts, whole) -> None:
    found = fitted(texts, MagnitudePruning(**SHORT, sparsity=0.75))
    kept = sum(np.count_nonzero(array) for array in matrices(found.network).values())
    places = sum(array.size for array in matrices(whole).values())
    assert kept == pytest.approx(places / 4, rel=0.02)
    others = whole.learned().parameters - places
    assert found.learned().parameters == kept + others


def test_fewer_filters_are_a_smaller_network(texts) -> None:
    found = fitted(texts, FilterPruning(**SHORT, removed=0.5)).network
    assert found.spec.backbone.widths == (12, 12)
    assert found.arrays["heads.0.weight"].shape == (3, 12)


def test_all_together_is_the_smallest(texts, whole) -> None:
    """In bytes: each step takes its share; what is stored of the weights is int8."""
    sizes = [
        fitted(texts, method).learned().bytes
        for method in (DeepCompression(**SHORT), FilterPruning(**SHORT, removed=0.3), Int8Quantization(**SHORT))
    ]
    assert sizes[0] < min(sizes[1:]) < max(sizes[1:]) < whole.learned().bytes
    stored = fitted(texts, DeepCompression(**SHORT)).weights
    assert all(part["values"].dtype == np.int8 for part in stored.values() if "shape" in part)


@pytest.mark.parametrize("method", [DeepCompression(**SHORT), MagnitudePruning(**SHORT)], ids=lambda m: m.name)
def test_a_saved_student_predicts_and_weighs_the_same(texts, method, tmp_path: Path) -> None:
    found = fitted(texts, method)
    save_state(tmp_path, found.state())
    again = CompressedPredictor.restore(load_state(tmp_path))
    np.testing.assert_array_equal(again.predict(texts.test), found.predict(texts.test))
    np.testing.assert_array_equal(again.represent(texts.test), found.represent(texts.test))
    assert again.learned() == found.learned()
