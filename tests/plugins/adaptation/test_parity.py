"""The same rows through an independent library: skada 0.6 and, below it, POT."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_adaptation.coral import align_covariance
from autotransfer_adaptation.jdot import Jdot
from autotransfer_adaptation.kmm import KernelMeanMatching
from autotransfer_adaptation.optimal_transport import OptimalTransport, class_plan
from autotransfer_adaptation.sinkhorn import sinkhorn_plan
from autotransfer_adaptation.subspace_alignment import SubspaceAlignment
from autotransfer_adaptation.tca import Tca

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset, Modality
from autotransfer.learners import Linear, Neighbors
from autotransfer.task import Context, Source, Task

skada = pytest.importorskip("skada", reason="skada is not installed: pip install 'autotransfer[dev]'")
ot = pytest.importorskip("ot", reason="POT is not installed: pip install 'autotransfer[dev]'")
pytestmark = pytest.mark.filterwarnings("ignore")  # what these libraries warn of is their affair

OFFERS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def _rows(m: int = 120, n: int = 120, d: int = 5) -> tuple[Array, Array, Array]:
    """Two classes; the target turned, stretched and moved."""
    rng = np.random.default_rng(0)
    y = np.arange(m) % 2
    S = rng.normal(size=(m, d)) * np.linspace(0.5, 2.0, d) + 1.5 * y[:, None]
    T = rng.normal(size=(n, d)) @ (np.diag(np.linspace(2.0, 0.5, d)) + 0.2) + 1.5 * (np.arange(n) % 2)[:, None] + 0.5
    return S, y, T


def _given(S: Array, y: Array, T: Array) -> tuple[Task, Source, Dataset]:
    here = Dataset("t", Modality.FEATURES, T)
    classes = ("a", "b") if y.dtype.kind == "i" else None
    return (
        Task(here.take(np.arange(0)), classes, unlabeled=here),
        Source("s", OFFERS, Dataset("s", Modality.FEATURES, S, y), classes),
        here,
    )


def _adapted(adapter, S: Array, y: Array, T: Array) -> tuple[Array, Array]:
    """Source and target rows as skada's adapter leaves them."""
    X, domain = np.concatenate([S, T]), np.repeat([1, -2], [len(S), len(T)])
    out = adapter.fit_transform(X, np.concatenate([y, np.full(len(T), -1)]), sample_domain=domain)
    return out[: len(S)], out[len(S) :]


def _nearest(S: Array, y: Array, T: Array) -> Array:
    return Neighbors(k=1).fit(S, y, n_classes=2).predict_features(T).argmax(axis=1)


def test_coral() -> None:
    """Equal rows. skada does not move the source's mean, and divides covariances by n instead of n - 1, which cancels
    for domains of one size; so the source is centred here and sizes are equal."""
    S, y, T = _rows()
    S = S - S.mean(axis=0)
    theirs, _ = _adapted(skada.CORALAdapter(reg=0.1), S, y, T)
    np.testing.assert_allclose(align_covariance(S, T, 0.1, align_mean=False), theirs, atol=1e-8)


def test_subspace_alignment() -> None:
    """Equal rows up to the signs of the target's axes, so equal predictions."""
    S, y, T = _rows()
    theirs_S, theirs_T = _adapted(skada.SubspaceAlignmentAdapter(n_components=2), S, y, T)
    task, source, here = _given(S, y, T)
    fitted = SubspaceAlignment(learner=Neighbors(k=1), dims=2).fit(task, source, Context(seed=0))
    assert fitted.source_way is not None
    np.testing.assert_allclose(np.abs(fitted.source_way(S)), np.abs(theirs_S), atol=1e-8)
    np.testing.assert_allclose(np.abs(fitted.represent(here)), np.abs(theirs_T), atol=1e-8)
    np.testing.assert_array_equal(fitted.predict(here).argmax(axis=1), _nearest(theirs_S, y, theirs_T))


def test_tca() -> None:
    """Not equal, and here is why: skada passes the matrix (I + mu K L K)^-1 K H K, which is not symmetric, to ``eigh``,
    which reads its lower half alone. With a general eigensolver on skada's own kernel the components are ours, and in
    the paper's objective, (a^T (I + mu K L K) a) / (a^T K H K a) summed over components, ours is the smaller."""
    S, y, T = _rows()
    m, n, mu = len(S), len(T), 0.5
    adapter = skada.TransferComponentAnalysisAdapter(n_components=2, mu=mu)
    _adapted(adapter, S / 5, y, T / 5)
    K, e = adapter.K_, np.repeat([1 / m, -1 / n], [m, n])
    L, H = np.outer(e, e), np.eye(m + n) - 1 / (m + n)
    near, spread = np.eye(m + n) + mu * K @ L @ K, K @ H @ K
    values, vectors = np.linalg.eig(np.linalg.solve(near, spread))
    repaired = vectors[:, np.argsort(-values.real)[:2]].real

    X = np.concatenate([S, T]) / 5
    squares = np.square(X[:, None] - X).sum(axis=2)[np.tri(m + n, k=-1, dtype=bool)]
    bandwidth = 5 / np.median(squares)  # skada's gamma is one over the number of columns
    task, source, _ = _given(S / 5, y, T / 5)
    ours = Tca(kernel="gaussian", bandwidth=bandwidth, dims=2, penalty=1 / (mu * np.linalg.norm(L)))
    Z = ours.fit(task, source, Context(seed=0)).chain(X)
    expected = K @ (repaired / np.linalg.norm(repaired, axis=0))
    np.testing.assert_allclose(np.abs(Z), np.abs(expected), rtol=1e-4, atol=1e-6)

    def objective(A: Array) -> float:
        return sum((a @ near @ a) / (a @ spread @ a) for a in A.T)

    assert objective(repaired) < objective(adapter.eigvects_)


def test_kernel_mean_matching() -> None:
    """The quadratic objective b^T K b / 2 - kappa^T b under the same bounds: within two parts in a thousand of
    theirs, which takes a thousand steps where ours takes 150."""
    S, _, T = _rows(200, 150)
    method = KernelMeanMatching(bandwidth=1.0, bound=10.0, slack=0.1)
    ours = method._match(S, T, Context(seed=0))
    pooled = np.concatenate([S, T])
    squares = np.square(pooled[:, None] - pooled).sum(axis=2)
    gamma = 1.0 / np.median(squares[np.tri(len(pooled), k=-1, dtype=bool)])
    adapter = skada.KMMReweightAdapter(gamma=gamma, B=10.0, eps=0.1)
    X, domain = np.concatenate([S, T]), np.repeat([1, -2], [200, 150])
    theirs = adapter.fit(X, sample_domain=domain).source_weights_
    K, kappa = np.exp(-gamma * squares[:200, :200]), 200 * np.exp(-gamma * squares[:200, 200:]).mean(axis=1)

    def objective(b: Array) -> float:
        return float(b @ K @ b / 2 - kappa @ b)

    assert objective(ours) <= objective(theirs) + 2e-3 * abs(objective(theirs))
    assert np.corrcoef(ours, theirs)[0, 1] > 0.5


@pytest.mark.parametrize("entropy", [0.5, 0.05])
def test_sinkhorn_transport(entropy: float) -> None:
    """Equal plans, and with skada's adapter equal rows: skada leaves costs as they are, so entropies differ by the
    mean cost."""
    S, y, T = _rows()
    cost = np.square(S[:, None] - T).sum(axis=2)
    even = np.full(120, 1 / 120)
    plan = sinkhorn_plan(cost / cost.mean(), entropy, Context(), tolerance=1e-9, steps=5000)
    theirs = ot.sinkhorn(
        even, even, cost / cost.mean(), entropy, method="sinkhorn_log", stopThr=1e-10, numItermax=20_000
    )
    np.testing.assert_allclose(plan, theirs, atol=1e-9)
    adapter = skada.EntropicOTMappingAdapter(reg_e=entropy * cost.mean(), max_iter=20_000, tol=1e-10)
    moved, _ = _adapted(adapter, S, y, T)
    task, source, _ = _given(S, y, T)
    fitted = OptimalTransport(class_weight=0.0, entropy=entropy).fit(task, source, Context(seed=0))
    assert fitted.source_way is not None
    np.testing.assert_allclose(fitted.source_way(S), moved, atol=1e-3)


def test_class_regularised_transport() -> None:
    """POT's ``sinkhorn_lpl1_mm`` with the same number of majorisations gives the same plan."""
    S, y, T = _rows()
    cost = np.square(S[:, None] - T).sum(axis=2)
    cost /= cost.mean()
    even = np.full(120, 1 / 120)
    theirs = ot.da.sinkhorn_lpl1_mm(even, y, even, cost, 0.1, eta=0.1, numItermax=10, numInnerItermax=5000)
    np.testing.assert_allclose(class_plan(cost, y, 0.1, 0.1, 10, Context()), theirs, atol=1e-6)


def test_jdot() -> None:
    """Nearly equal values: skada's plans are exact where ours have a little entropy, so predictions agree to 2 % of
    their variance. Their cost (1 - alpha) d / mean + alpha L is ours over alpha * var(y)."""
    S, _, T = _rows(80, 80)
    y = S @ np.array([1.0, -0.5, 0.2, 0.0, 0.3])
    alpha = 0.5
    theirs = skada.JDOTRegressor(alpha=alpha)
    X, domain = np.concatenate([S, T]), np.repeat([1, -2], [80, 80])
    theirs.fit(X, np.concatenate([y, np.zeros(80)]), domain)
    task, source, here = _given(S, y, T)
    weight = (1 - alpha) / (alpha * np.var(y))
    ours = Jdot(learner=Linear(l2=1e-6), feature_weight=weight, entropy=2e-3, rounds=30)
    found, expected = ours.fit(task, source, Context(seed=0)).predict(here), theirs.predict(T)
    assert np.mean((found - expected) ** 2) < 0.02 * np.var(expected)
