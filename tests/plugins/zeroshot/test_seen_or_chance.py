"""The rule without descriptions: nearest mean, or an unseen class."""

from __future__ import annotations

import numpy as np
from autotransfer_zeroshot.described import moments
from autotransfer_zeroshot.seen_or_chance import SeenOrChance

from autotransfer.task import Context


def test_it_is_no_transfer_and_tells_unseen_classes_by_nothing(toy) -> None:
    """Unseen classes have equal probabilities for every row."""
    assert not SeenOrChance.is_transfer()
    predicted = SeenOrChance().fit(toy.task, None, Context()).predict(toy.test)
    np.testing.assert_allclose(predicted[:, 2], predicted[:, 5])


def test_as_many_training_rows_are_rejected_as_it_says_and_the_others_go_to_the_nearest_mean(toy) -> None:
    train = toy.task.train
    predicted = SeenOrChance(rejected=0.25).fit(toy.task, None, Context()).predict(train).argmax(axis=1)
    unseen = np.isin(predicted, [2, 5])
    assert 0.05 < unseen.mean() <= 0.25 + 1.5 / len(train)  # each row is nearer to a mean that it is part of
    mean, scale = moments(train.X)
    Z, seen = (train.X - mean) / scale, np.unique(train.labels)
    means = np.stack([Z[train.labels == label].mean(axis=0) for label in seen])
    nearest = seen[np.square(Z[:, None] - means).sum(axis=2).argmin(axis=1)]
    np.testing.assert_array_equal(predicted[~unseen], nearest[~unseen])
