"""What teachers say of rows, against the network asked directly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from autotransfer_distillation.lesson import teach
from autotransfer_distillation.teacher import maps_of
from torch import nn

from autotransfer.errors import TrainingError
from autotransfer.nets.seeding import reproducible
from autotransfer.task import Context
from autotransfer.tuning.head import linear_head
from autotransfer.tuning.network import TunedNetwork


def test_a_frozen_network_teaches_by_a_head_on_its_features(texts) -> None:
    """Representations are the encoder's features, labelled rows first; scores are those of logistic regression."""
    task, source = texts.task, texts.source
    with reproducible(0, "cpu"):
        lesson = teach(task, source, Context(), epochs=0)
    fitted = source.encoder.fit(task.train)
    features = np.concatenate([fitted.transform(task.train), fitted.transform(task.unlabeled)])
    np.testing.assert_allclose(lesson.z, features, rtol=1e-4, atol=1e-5)
    weight, bias = linear_head(features[: len(task.train)], task.train.labels, 3, 0)
    np.testing.assert_allclose(lesson.scores, features @ weight.T + bias, rtol=1e-3, atol=1e-4)
    assert lesson.maps is None


def test_an_encoder_that_cannot_be_trained_teaches_in_the_same_way(texts) -> None:
    """Without its training interface the same network gives the same lesson."""

    class Fixed:
        def fit(self, data):
            return texts.source.encoder.fit(data)

    with reproducible(0, "cpu"):
        one = teach(texts.task, texts.source, Context(), epochs=0)
        two = teach(texts.task, replace(texts.source, encoder=Fixed()), Context(), epochs=0)
    torch.testing.assert_close(one.scores, two.scores, rtol=1e-3, atol=1e-3)
    with pytest.raises(TrainingError, match="shows no maps"):
        teach(texts.task, replace(texts.source, encoder=Fixed()), Context(), epochs=0, maps=True)


def test_a_fine_tuned_teacher_knows_its_labels_better(texts) -> None:
    with reproducible(0, "cpu"):
        lessons = [teach(texts.task, texts.source, Context(), epochs) for epochs in (0, 30)]
    y = torch.from_numpy(np.array(texts.task.train.labels))
    losses = [nn.functional.cross_entropy(lesson.scores[: len(y)], y) for lesson in lessons]
    assert losses[1] < losses[0]


class Tokens(nn.Module):
    """Patches of 4 × 4 pixels as tokens behind one of the class."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(1, 6, 4, stride=4)
        self.mix = nn.Linear(6, 6)

    def forward(self, X: torch.Tensor) -> torch.Tensor:
        tokens = self.patches(X).flatten(2).transpose(1, 2)
        return self.mix(torch.cat([tokens.mean(dim=1, keepdim=True), tokens], dim=1))[:, 0]


def test_maps_are_the_last_planes_or_the_tokens_of_the_image() -> None:
    """Of a convolution before its planes are averaged; of a transformer without its class token."""
    X = torch.randn(3, 1, 12, 12)
    convolution = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten())
    found = maps_of(TunedNetwork(convolution, 4, 2), X, Context())
    torch.testing.assert_close(found, convolution[1](convolution[0](X)).detach())
    tokens = Tokens()
    found = maps_of(TunedNetwork(tokens, 6, 2), X, Context())
    expected = tokens.mix(tokens.patches(X).flatten(2).transpose(1, 2)).transpose(1, 2).reshape(3, 6, 3, 3)
    torch.testing.assert_close(found, expected.detach())


def test_a_network_without_planes_is_refused() -> None:
    with pytest.raises(TrainingError, match="makes no planes"):
        maps_of(TunedNetwork(nn.Linear(5, 4), 4, 2), torch.randn(3, 5), Context())
