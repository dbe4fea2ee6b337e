"""Two towers: rows of length 1, a factor with a bound, and a training that holds pairs out."""

from __future__ import annotations

import math

import numpy as np
import torch
from autotransfer_multimodal.contrast import SPARE, Pace, every, trained
from autotransfer_multimodal.loss import MOST, info_nce
from autotransfer_multimodal.networks import Reader, TextTower, TwoTowers, embedded
from autotransfer_multimodal.vocabulary import LONGEST, Vocabulary

from autotransfer.nets.specs import UnitSpec
from autotransfer.task import Context

SAID = np.array(["a red box", "two blue boxes on a table", "green"], dtype=object)


def towers(d: int = 4) -> TwoTowers:
    torch.manual_seed(0)
    return TwoTowers(UnitSpec(d, 3).build(), UnitSpec(d, 3).build())


def test_the_text_tower_gives_rows_of_length_one_whatever_the_company() -> None:
    """Padding, which longer texts bring, changes nothing."""
    torch.manual_seed(0)
    words = Vocabulary.of(SAID, 16, 1)
    reader = Reader(TextTower(words.spec, 5), words)
    together = reader(SAID.tolist())
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(reader([SAID[0]]), together[:1], atol=1e-6)
    assert words.tokens(["word " * 100]).shape[1] <= LONGEST


def test_the_loss_is_info_nce_of_factored_cosines() -> None:
    network, X, T = towers(), torch.randn(6, 4), torch.randn(6, 4)
    cosines = embedded(network.image, X) @ embedded(network.text, T).T
    expected = info_nce(torch.from_numpy(network.final_factor() * cosines))
    assert math.isclose(float(network(X, T).detach()), float(expected), rel_tol=1e-5)


def test_the_factor_stays_below_its_bound() -> None:
    network = towers()
    with torch.no_grad():
        network.log_factor.fill_(50.0)
    network.clip(0.5)
    assert math.isclose(network.final_factor(), math.exp(MOST), rel_tol=1e-5)


def test_from_many_pairs_on_some_judge_the_epochs() -> None:
    """Reported are the losses on held-out pairs, one an epoch; below the limit none is."""
    generator = torch.Generator().manual_seed(0)
    for n, expected in ((SPARE, 2), (SPARE - 1, 0)):
        X = torch.randn(n, 4, generator=generator)
        network, scores = towers(), []
        ctx = Context(report=lambda step, score, kept=scores: kept.append(score))
        trained(network, (X, X), Pace(2, 1e-2), ctx, network, every(network))
        assert len(scores) == expected
        assert all(np.isfinite(scores))


def test_training_brings_pairs_together() -> None:
    """Texts that are a turned copy of the images: after training every image finds its text."""
    X = torch.randn(60, 4, generator=torch.Generator().manual_seed(1))
    network, T = towers(), X @ torch.linalg.qr(torch.randn(4, 4))[0]
    before = float(network(X, T).detach())
    trained(network, (X, T), Pace(200, 3e-2), Context(), network, every(network))
    assert float(network(X, T).detach()) < before / 3
