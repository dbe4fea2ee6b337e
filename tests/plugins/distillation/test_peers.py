"""Networks that teach themselves and each other."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_distillation.born_again import BornAgain
from autotransfer_distillation.deep_mutual_learning import DeepMutualLearning
from autotransfer_distillation.online_ensemble import OnlineEnsemble
from autotransfer_distillation.peers import Peers, rows_in

from autotransfer.nets import training
from autotransfer.nets.batches import Batch
from autotransfer.task import Context

METHODS = [BornAgain(epochs=5), DeepMutualLearning(epochs=5), OnlineEnsemble(epochs=5)]


@pytest.fixture
def trained(monkeypatch) -> list[torch.nn.Module]:
    """Every network that was trained, in order."""
    seen: list[torch.nn.Module] = []
    plain = training.train

    def noting(network, *rest):
        seen.append(network)
        return plain(network, *rest)

    monkeypatch.setattr(training, "train", noting)
    return seen


def test_parts_of_a_batch_pass_together() -> None:
    parts = tuple((torch.full((n, 2), float(n)),) for n in (2, 3))
    X, sizes = rows_in(Batch(parts, 0, 0.0))
    assert (X.shape, sizes) == ((5, 2), [2, 3])
    torch.testing.assert_close(X[2:], parts[1][0])


def test_each_generation_starts_anew_and_the_last_is_kept(shifted, trained) -> None:
    """Three networks of one form, with weights of their own."""
    found = BornAgain(epochs=2, generations=2).fit(shifted.task, shifted.source, Context())
    assert len(trained) == 3
    last = {name: tensor.numpy() for name, tensor in trained[-1].state_dict().items()}
    assert all(np.array_equal(found.arrays[name], array) for name, array in last.items())
    first = trained[0].state_dict()
    assert first.keys() == last.keys()
    assert not np.array_equal(first["heads.0.weight"], last["heads.0.weight"])


@pytest.mark.parametrize("method", [BornAgain, DeepMutualLearning], ids=lambda m: m.name)
def test_more_weight_on_answers_brings_networks_together(shifted, trained, method: type[Peers]) -> None:
    """Divergence on the target's rows between the last two networks that were trained, answers weighing 0.01 or 10."""
    gaps = []
    for answers in (0.01, 10.0):
        trained.clear()
        found = method(epochs=10, answers=answers).fit(shifted.task, shifted.source, Context())
        networks = list(trained[0]) if len(trained) == 1 else trained[-2:]
        X = torch.from_numpy(found.form.rows(shifted.task.unlabeled))
        with torch.no_grad():
            p, q = (network.eval()(X).scores.softmax(dim=1) for network in networks)
        gaps.append(float((p - q).abs().mean()))
    assert gaps[1] < gaps[0]


def test_the_first_branch_alone_is_kept(shifted, trained) -> None:
    """Its predictions are those of the trained network's first head."""
    found = OnlineEnsemble(epochs=2, branches=3).fit(shifted.task, shifted.source, Context())
    network = trained[0][0]
    X = torch.from_numpy(found.form.rows(shifted.test))
    with torch.no_grad():
        expected = network.heads[0](network.backbone(X))
    np.testing.assert_allclose(found.scores(shifted.test), expected, rtol=1e-4, atol=1e-5)
    assert found.spec.heads == 1


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.name)
def test_reports_rise_and_come_once_an_epoch(shifted, method) -> None:
    """Validation rows are scored after each epoch, of all generations one after the other."""
    told = []
    method.fit(shifted.task, shifted.source, Context(report=lambda step, score: told.append(step)))
    assert told == list(range(1, len(told) + 1))


def test_a_student_is_kept_without_what_was_trained_beside(shifted) -> None:
    found = OnlineEnsemble(epochs=1).fit(shifted.task, shifted.source, Context())
    assert set(found.arrays) == set(found.spec.build().state_dict())
