"""EasyAdapt against an explicit augmentation."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_baselines.feature_augmentation import FeatureAugmentation
from sklearn.linear_model import LogisticRegression, Ridge

from autotransfer.task import Context


def _explicit(problem, c, domains):
    """(c x, x, 0, ...) for target rows, (c x, 0, ..., x, ...) for those of a source, written out one by one."""
    place = np.concatenate([np.zeros(len(problem.task.train), int), 1 + problem.source.rows.domain % domains])
    X, y = problem.both
    blank = np.zeros(6)
    return np.array(
        [
            np.concatenate([c * x, *(x if p == j else blank for j in range(domains + 1))])
            for x, p in zip(X, place, strict=True)
        ]
    ), y


@pytest.mark.parametrize("c", [1.0, 0.3])
@pytest.mark.parametrize("domains", [1, 3])
def test_equals_explicit_augmentation(c, domains, toy):
    problem = toy(3, domains=domains)
    X, y = _explicit(problem, c, domains)
    new = np.concatenate([c * problem.test.X, problem.test.X, np.zeros((500, 6 * domains))], axis=1)
    oracle = LogisticRegression(C=0.5, tol=1e-10, max_iter=100_000, solver="newton-cg").fit(X, y)
    fitted = FeatureAugmentation(l2=2.0, common=c).fit(problem.task, problem.source, Context())
    np.testing.assert_allclose(fitted.predict(problem.test), oracle.predict_proba(new), atol=1e-4)

    problem = toy(0, domains=domains)
    X, y = _explicit(problem, c, domains)
    new[:, :12] = np.concatenate([c * problem.test.X, problem.test.X], axis=1)
    fitted = FeatureAugmentation(l2=2.0, common=c).fit(problem.task, problem.source, Context())
    np.testing.assert_allclose(fitted.predict(problem.test), Ridge(2.0).fit(X, y).predict(new), atol=1e-4)


def test_wide_rows_share_one_copy_among_the_sources(toy, monkeypatch):
    """Above the limit, three sources are treated as one."""
    pool, single = toy(2, domains=3), toy(2, domains=1)
    monkeypatch.setattr("autotransfer_baselines.feature_augmentation._LARGEST", 230 * 6 * 4)
    fitted = [FeatureAugmentation().fit(problem.task, problem.source, Context()) for problem in (pool, single)]
    np.testing.assert_array_equal(fitted[0].predict(pool.test), fitted[1].predict(pool.test))
