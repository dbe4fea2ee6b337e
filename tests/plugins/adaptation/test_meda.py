"""Manifold embedded distribution alignment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from autotransfer_adaptation.domains import gather
from autotransfer_adaptation.gfk import geodesic_root
from autotransfer_adaptation.graph import laplacian
from autotransfer_adaptation.meda import Meda, a_distance, class_share
from autotransfer_adaptation.principal import principal_directions

from autotransfer.task import Context


def test_one_round_solves_the_papers_system(shift) -> None:
    """beta = ((E + lambda M + rho L) K + eta I)^-1 E Y with the matrices written out, labels first by 1-NN."""
    task, source, _ = shift(n_unlabeled=60)
    S, ys, T = source.rows.X, source.rows.labels, task.unlabeled.X
    fitted = Meda(dims=2, rounds=1, neighbors=5).fit(task, source, Context(seed=0))
    root = geodesic_root(*(principal_directions(X, 2, 0) for X in (S, T)))
    X, m, n = np.concatenate([S, T]) @ root, len(S), len(S) + len(T)
    X = X / np.linalg.norm(X, axis=1, keepdims=True)
    labels = ys[(X[m:] @ X[:m].T).argmax(axis=1)]
    mu = fitted.diagnostics["class_share"]
    e = np.repeat([1 / m, -1 / (n - m)], [m, n - m])
    M = 2 * (1 - mu) * np.outer(e, e)
    for c in np.intersect1d(ys, labels):
        own = np.concatenate([(ys == c) / np.sum(ys == c), -1.0 * (labels == c) / np.sum(labels == c)])
        M = M + mu * np.outer(own, own)
    K = np.exp(-np.square(X[:, None] - X).sum(axis=2) / 2)
    E, Y = np.diag(np.repeat([1.0, 0.0], [m, n - m])), np.zeros((n, 2))
    Y[np.arange(m), ys] = 1.0
    system = (E + 10 * M / np.linalg.norm(M) + laplacian(X, 5)) @ K + 0.1 * np.eye(n)
    np.testing.assert_allclose(K @ fitted.coefficients, K @ np.linalg.solve(system, E @ Y), atol=1e-5)


def test_share_of_the_classes() -> None:
    """Far apart inside classes, together overall: near 1. Equal rows: 1/2. An empty side counts as no distance."""
    rng = np.random.default_rng(0)
    S = rng.normal(size=(200, 2))
    assert a_distance(S, S[:0], Context()) == 0.0
    assert a_distance(S, S + 50.0, Context()) == 2.0
    assert a_distance(S, S, Context()) < 0.1


def test_share_is_between_zero_and_one(shift) -> None:
    """mu of some labels."""
    task, source, _ = shift()
    domains = gather(task, source, "joint")
    mu = class_share(domains.S, domains.T, domains, np.arange(len(domains.T)) % 2, Context())
    assert 0.0 <= mu <= 1.0


def test_labels_of_the_target_count(shift) -> None:
    """A source with exchanged labels is overruled by 60 target rows of large weight."""
    task, source, test = shift(n_labeled=60, matrix=np.eye(4))
    lie = replace(source, data=replace(source.rows, y=1 - source.rows.labels))
    scores = [
        np.mean(
            Meda(target_weight=w, alignment=0.1).fit(task, lie, Context(seed=0)).predict(test).argmax(1) == test.labels
        )
        for w in (0.01, 100.0)
    ]
    assert scores[1] > scores[0]
    assert scores[1] > 0.85
