"""Per-domain scaling."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.scaling import DomainScaler


def _rows(n, mean, spread, seed=0):
    return np.random.default_rng(seed).normal(mean, spread, size=(n, 3))


def test_joint_does_nothing():
    source, target = _rows(9, 0, 1), _rows(5, 3, 1)
    source_Z, target_Z, scaler = DomainScaler.fit(source, target, "joint")
    assert source_Z is source
    assert target_Z is target
    assert scaler.transform(target) is target


def test_each_domain_is_standardised_by_its_own_rows():
    """Mean 0 in each domain exactly, variance 1 up to the five prior rows."""
    pool = np.vstack([_rows(4000, 5, 2, 1), _rows(4000, -7, 0.5, 2)])
    domain = np.repeat([3, 8], 4000)
    target = _rows(4000, 100, 30, 3)
    source_Z, target_Z, scaler = DomainScaler.fit(pool, target, "per_domain", domain)
    for rows in (source_Z[domain == 3], source_Z[domain == 8], target_Z):
        np.testing.assert_allclose(rows.mean(0), 0.0, atol=1e-9)
        np.testing.assert_allclose(rows.std(0), 1.0, atol=0.02)
    np.testing.assert_allclose(scaler.transform(target), target_Z)


def test_log_variance_is_pulled_to_the_typical_by_five_rows():
    """(n log own + 5 log typical) / (n + 5), typical being the mean of the logs by rows."""
    source, target = _rows(20, 0, 1, 1), _rows(10, 0, 3, 2)
    _, _, scaler = DomainScaler.fit(source, target, "per_domain")
    own, other = np.log(target.var(0)), np.log(source.var(0))
    np.testing.assert_allclose(2 * np.log(scaler.scale), (10 * own + 5 * (20 * other + 10 * own) / 30) / 15)


@pytest.mark.parametrize("mode", ["joint", "per_domain"])
def test_further_source_rows_are_scaled_as_those_of_their_domain_were(mode):
    pool = np.vstack([_rows(40, 5, 2, 1), _rows(40, -7, 0.5, 2)])
    domain = np.repeat([3, 8], 40)
    source_Z, _, scaler = DomainScaler.fit(pool, _rows(40, 1, 1, 3), mode, domain)
    order = np.random.default_rng(0).permutation(80)[:30]
    np.testing.assert_array_equal(scaler.of_source(pool[order], domain[order]), source_Z[order])
    alone_Z, _, scaler = DomainScaler.fit(pool[:40], _rows(40, 1, 1, 3), mode)
    np.testing.assert_array_equal(scaler.of_source(pool[:40]), alone_Z)


@pytest.mark.parametrize("n", [0, 1])
def test_few_target_rows_and_constant_columns_are_finite(n):
    source, target = np.ones((6, 3)), _rows(n, 1, 1)
    source_Z, target_Z, scaler = DomainScaler.fit(source, target, "per_domain")
    for rows in (source_Z, target_Z, scaler.transform(_rows(4, 9, 9))):
        assert np.isfinite(rows).all()


def test_saved_scalers_do_the_same():
    new = _rows(4, 1, 1, 5)
    for mode in ("joint", "per_domain"):
        _, _, scaler = DomainScaler.fit(_rows(9, 0, 1), _rows(9, 2, 3), mode)
        np.testing.assert_array_equal(DomainScaler.restore(scaler.state()).transform(new), scaler.transform(new))


def test_an_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="joint, per_domain"):
        DomainScaler.fit(_rows(2, 0, 1), _rows(2, 0, 1), "other")
