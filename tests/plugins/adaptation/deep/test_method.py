"""What all deep methods share: forms of rows, labels of the target, values, and raw images."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from autotransfer_adaptation.deep.dan import Dan
from autotransfer_adaptation.deep.method import look
from autotransfer_adaptation.deep.source_network import SourceNetwork

from autotransfer.data import Dataset, Modality
from autotransfer.nets import ConvSpec, MlpSpec
from autotransfer.nets.batches import Batches
from autotransfer.nets.rows import gather
from autotransfer.task import Context, Source, Task


def test_target_rows_are_the_labelled_ones_and_then_the_others(turned) -> None:
    """All rows of both domains are in one form; sets are source, target, labelled target."""
    task, source, _ = turned(n_labeled=7)
    rows = gather(task, source, "cpu")
    assert rows.T.shape == (307, 2)
    np.testing.assert_allclose(rows.T[:7], rows.form.rows(task.train))
    np.testing.assert_allclose(rows.T[7:], rows.form.rows(task.unlabeled))
    both = torch.cat([rows.S, rows.T])
    np.testing.assert_allclose(both.mean(0), 0, atol=1e-5)
    assert float(both.square().mean()) == pytest.approx(1, rel=1e-4)
    assert [len(part[0]) for part in rows.sets()] == [300, 307, 7]
    unlabeled = gather(replace(task, train=task.train.take(np.arange(0))), source, "cpu")
    assert [len(part[0]) for part in unlabeled.sets()] == [300, 300]


def test_each_domain_passes_by_itself_and_labelled_target_rows_with_the_others(turned) -> None:
    """Batch statistics are those of the source's rows, and of all the target's."""
    task, source, _ = turned(n_labeled=7)
    trainee = Dan().enlist(task, source, Context())
    batch = Batches(trainee.rows.sets(), 16, seed=0).draw(0, 0.25)
    views, labeled = look(trainee, batch)
    torch.testing.assert_close(views.source.z, trainee.network(batch.parts[0][0]).z)
    both = trainee.network(torch.cat([part[0] for part in batch.parts[1:]]))
    torch.testing.assert_close(torch.cat([views.target.z, labeled[0].z]), both.z)
    assert torch.equal(views.source_y, batch.parts[0][1])
    assert torch.equal(labeled[1], batch.parts[2][1])
    assert views.progress == 0.25


def test_values_are_standardised_and_come_back_in_their_units(turned) -> None:
    """A linear target at level 1000 and scale 50: R^2 above 0.9."""
    task, source, test = turned(degrees=0.0)
    value = 1000 + 50 * source.rows.X.sum(axis=1)
    source = replace(source, data=replace(source.rows, y=value), classes=None)
    task = replace(task, train=replace(task.train, y=np.empty(0)), classes=None)
    truth = 1000 + 50 * test.X.sum(axis=1)
    for method in (SourceNetwork(), Dan(weight=0.1)):
        found = method.fit(task, source, Context()).predict(test)
        assert 1 - np.mean((found - truth) ** 2) / truth.var() > 0.9


def test_each_domain_keeps_the_statistics_of_its_rows(turned) -> None:
    """The first normalisation's mean is that of W x + b over the target's rows; over the source's for source rows."""
    task, source, _ = turned()
    fitted = Dan(epochs=10).fit(task, source, Context())
    weight, bias = (fitted.arrays[f"backbone.0.{name}"] for name in ("weight", "bias"))
    for model, rows in ((fitted, task.unlabeled), (fitted.for_source(), source.rows)):
        values = model.form.rows(rows) @ weight.T + bias
        np.testing.assert_allclose(model.arrays["backbone.1.running_mean"], values.mean(0), atol=1e-4)
        np.testing.assert_allclose(model.arrays["backbone.1.running_var"], values.var(0), rtol=1e-3, atol=1e-5)


def stripes(n: int, size: int, seed: int) -> Dataset:
    """Horizontal or vertical bars in noise."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    X = rng.integers(0, 90, (n, size, size))
    for row in range(n):
        place = slice(*(np.array([0, 2]) + rng.integers(size - 2)))
        X[(row, place, slice(None)) if y[row] else (row, slice(None), place)] += 150
    return Dataset("stripes", Modality.IMAGE, X.astype(np.uint8), y)


def test_raw_images_of_different_sizes_reach_one_convolutional_network() -> None:
    """Bars at 16 pixels teach bars at 24 pixels; feature rows get fully connected layers."""
    source = Source("s", Dan.needs, stripes(200, 16, 0), ("a", "b"))
    target = stripes(200, 24, 1)
    task = Task(target.take(np.arange(0)), ("a", "b"), unlabeled=target.without_labels())
    fitted = Dan().fit(task, source, Context())
    assert isinstance(fitted.spec.backbone, ConvSpec)
    assert np.mean(fitted.predict(target).argmax(1) == target.labels) > 0.7


def test_features_get_fully_connected_layers(turned) -> None:
    task, source, _ = turned()
    assert isinstance(SourceNetwork().fit(task, source, Context()).spec.backbone, MlpSpec)
