"""Every method: what it learns from pairs retrieves them, and what it says of classes is what its towers say."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_multimodal import transfer_methods
from autotransfer_multimodal.method import PairedMethod
from autotransfer_multimodal.prompts import class_embeddings

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.nets.seeding import reproducible
from autotransfer.task import Context, Task

METHODS = transfer_methods()


@pytest.mark.parametrize("kind", METHODS, ids=lambda method: method.name)
def test_labels_aside_the_class_is_the_most_similar_text(kind: type[PairedMethod], toy, images) -> None:
    """Zero-shot: argmax of the predictor is argmax of the towers' cosines with the ensembled prompts, and right on more
    than half of three classes."""
    problem = toy if Modality.FEATURES in kind.modalities else images
    method, ctx = kind(), Context(seed=3)
    task = Task(problem.task.train.take(np.arange(0)), problem.task.classes)
    with reproducible(3, "cpu"):
        towers = method.learn(problem.source, ctx)
    cosines = towers.cosines(problem.test, class_embeddings(towers.texts, task, method.prompts))
    found = method.fit(task, problem.source, ctx).predict(problem.test)
    np.testing.assert_array_equal(found.argmax(axis=1), cosines.argmax(axis=1))
    assert np.mean(found.argmax(axis=1) == problem.test.labels) > 0.5


def test_all_of_them_need_pairs_and_none_needs_a_label() -> None:
    for method in METHODS:
        assert Asset.PAIRS in method.needs
        assert not method.needs & (Asset.TARGET_LABELS | Asset.SOURCE_LABELS)
        assert method.is_transfer()
        assert method.takes_source()
