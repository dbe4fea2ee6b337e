"""Predictions of a saved network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from autotransfer.data import Dataset, Modality
from autotransfer.nets import FeatureForm, MlpSpec, NetworkPredictor, NetworkSpec
from autotransfer.nets.evaluation import CHUNK, outputs
from autotransfer.nets.network import Network
from autotransfer.nets.predictor import arrays_of
from autotransfer.state import load_state, save_state

SPEC = NetworkSpec(MlpSpec(4, (16, 8)), 2)


def predictor(network: Network, *, regression: bool = False) -> NetworkPredictor:
    form = FeatureForm(np.ones(4, np.float32), 2.0)
    return NetworkPredictor(form, SPEC, arrays_of(network), regression, 5.0, 3.0)


@pytest.fixture
def data() -> Dataset:
    return Dataset("rows", Modality.FEATURES, np.random.default_rng(0).normal(size=(30, 4)))


def test_predictions_are_the_networks(make: Callable[[], Network], data: Dataset) -> None:
    """Softmax of the scores at (x - center) / scale, or level + spread * score."""
    network = make().eval()
    with torch.no_grad():
        scores = network(torch.tensor((data.X - 1) / 2, dtype=torch.float32)).scores.double()
    np.testing.assert_allclose(predictor(network).predict(data), torch.softmax(scores, 1).numpy(), atol=1e-6)
    values = predictor(network, regression=True).predict(data)
    np.testing.assert_allclose(values, (5 + 3 * scores[:, 0]).numpy(), atol=1e-5)


def test_it_comes_back_from_files(make: Callable[[], Network], data: Dataset, tmp_path: Path) -> None:
    fitted = predictor(make())
    save_state(tmp_path, fitted.state())
    again = NetworkPredictor.restore(load_state(tmp_path))
    np.testing.assert_array_equal(again.predict(data), fitted.predict(data))
    assert again.spec == SPEC


def test_sizes_that_the_arrays_do_not_have_are_refused_before_memory_is_taken(
    make: Callable[[], Network], data: Dataset
) -> None:
    """A saved model that claims a layer of 10^12 weights has no such array."""
    state = predictor(make()).state()
    state["spec"]["backbone"]["widths"] = [1_000_000, 1_000_000]
    with pytest.raises(RuntimeError, match="size mismatch"):
        NetworkPredictor.restore(state).predict(data)


def test_no_row_and_many_rows(make: Callable[[], Network], data: Dataset) -> None:
    """What is said of a row does not depend on the chunk that it is in."""
    fitted = predictor(make())
    assert fitted.predict(data.take(np.arange(0))).shape == (0, 2)
    many = data.take(np.arange(CHUNK + 7) % 30)
    np.testing.assert_allclose(fitted.predict(many), fitted.predict(data)[np.arange(CHUNK + 7) % 30], atol=1e-6)


def test_arrays_are_copies(make: Callable[[], Network]) -> None:
    """Training on does not change what was kept."""
    network = make().eval()
    kept = predictor(network)
    X = torch.zeros(2, 4)
    before = outputs(network, X).scores
    with torch.no_grad():
        network.heads[0].bias += 1
    assert not torch.equal(outputs(network, X).scores, before)
    assert not np.array_equal(kept.arrays["heads.0.bias"], network.heads[0].bias.detach().numpy())


def test_source_rows_may_take_another_way(make: Callable[[], Network], data: Dataset, tmp_path: Path) -> None:
    """``source_arrays`` stand in for the arrays of their names, and survive being saved."""
    network = make().eval()
    target = predictor(network)
    assert target.for_source() is target
    with torch.no_grad():
        network.heads[0].bias += torch.tensor([2.0, 0.0])
    both = replace(target, source_arrays={"heads.0.bias": arrays_of(network)["heads.0.bias"]})
    save_state(tmp_path, both.state())
    again = NetworkPredictor.restore(load_state(tmp_path))
    np.testing.assert_array_equal(again.predict(data), target.predict(data))
    np.testing.assert_array_equal(again.for_source().predict(data), predictor(network).predict(data))


def test_the_representation_is_the_backbones(make: Callable[[], Network], data: Dataset) -> None:
    network = make().eval()
    found = predictor(network).represent(data)
    with torch.no_grad():
        expected = network.backbone(torch.tensor((data.X - 1) / 2, dtype=torch.float32)).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert predictor(network).represent(data.take(np.arange(0))).shape == (0, 8)
