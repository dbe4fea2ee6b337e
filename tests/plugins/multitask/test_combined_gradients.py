"""PCGrad, MGDA and CAGrad on fixed Jacobians: their own properties, and TorchJD's numbers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_multitask.auxiliary_cosine import agreement
from autotransfer_multitask.cagrad import averse_weights, on_simplex
from autotransfer_multitask.mgda import shortest
from autotransfer_multitask.pcgrad import projection_weights
from scipy.optimize import minimize


@pytest.fixture(params=[(2, 5), (3, 10), (6, 4)], ids=str)
def J(request) -> torch.Tensor:  # noqa: N802 - the field's own name for a Jacobian
    generator = torch.Generator().manual_seed(3)
    return torch.randn(*request.param, generator=generator, dtype=torch.float64)


def drawn() -> torch.Generator:
    return torch.Generator().manual_seed(7)


def test_they_are_torchjds():
    """To 1e-5, on more and larger Jacobians."""
    pytest.importorskip("torchjd", reason="a development dependency: pip install 'torchjd[cagrad]' clarabel")
    pytest.importorskip("clarabel", reason="a development dependency, which solves TorchJD's CAGrad")
    from benchmarks.sharing.gradients import differences

    assert max(differences().values()) < 1e-5


def test_two_gradients_are_projected_by_the_formula():
    """g1 - (g1 · g2 / |g2|²) g2 + g2 - (g1 · g2 / |g1|²) g1 where g1 · g2 < 0, else their sum."""
    g = torch.tensor([[1.0, 0.0], [-1.0, 2.0]])
    inner = float(g[0] @ g[1])
    expected = g[0] - inner / 5 * g[1] + g[1] - inner * g[0]
    assert torch.allclose(projection_weights(g @ g.T, drawn()) @ g, expected)
    agreeing = g.abs()
    assert torch.allclose(projection_weights(agreeing @ agreeing.T, drawn()), torch.ones(2))


def test_projection_goes_gradient_by_gradient(J):
    """The paper's algorithm 1, as it is written, with the same draws."""
    generator, total = drawn(), torch.zeros(J.shape[1], dtype=J.dtype)
    for own in range(len(J)):
        g = J[own].clone()
        for other in torch.randperm(len(J), generator=generator).tolist():
            if other != own and g @ J[other] < 0:
                g -= (g @ J[other]) / (J[other] @ J[other]) * J[other]
        total += g
    assert torch.allclose(projection_weights(J @ J.T, drawn()) @ J, total)


def test_no_loss_rises_along_the_shortest_vector(J):
    """g_i · g >= |g|² for every task, with equality where its share is positive; near enough after many steps."""
    shares = shortest(J @ J.T, settled=1e-9, steps=20_000)
    g = shares @ J
    assert shares.sum() == pytest.approx(1.0)
    assert (shares >= 0).all()
    assert (J @ g >= g @ g - 1e-3).all()


def test_the_averse_direction_is_the_dual_solution(J):
    """min over the simplex of g_w · g0 + c |g0| |g_w|, by a general solver; and the worst task gains no less than along
    the mean."""
    for radius in (0.3, 0.8):
        mean = J.mean(dim=0)
        reach = radius * float(mean.norm())

        def dual(w: np.ndarray, mean=mean, reach=reach) -> float:
            g = w @ J.numpy()
            return float(g @ mean.numpy() + reach * np.linalg.norm(g))

        count = len(J)
        bounds, constraint = [(0, 1)] * count, {"type": "eq", "fun": lambda w: w.sum() - 1}
        best = minimize(dual, np.full(count, 1 / count), bounds=bounds, constraints=constraint, options={"ftol": 1e-14})
        weights = averse_weights(J @ J.T, radius)
        w = weights - 1 / count
        assert dual((w / w.sum()).numpy()) <= best.fun + 1e-9
        direction = weights @ J
        assert float((direction - mean).norm()) == pytest.approx(reach)
        assert (J @ direction).min() >= (J @ mean).min() - 1e-9


def test_without_a_radius_it_is_the_mean(J):
    assert torch.allclose(averse_weights(J @ J.T, 0.0), torch.full((len(J),), 1 / len(J), dtype=J.dtype))


def test_gradients_of_nothing_are_no_trouble():
    zero = torch.zeros(3, 3, dtype=torch.float64)
    for weights in (projection_weights(zero, drawn()), shortest(zero), averse_weights(zero, 0.5)):
        assert torch.isfinite(weights).all()


def test_the_nearest_point_of_the_simplex():
    """Against a general solver: least |p - x|² with x >= 0 and Σ x = 1."""
    point = torch.tensor([0.9, -0.3, 0.7, 0.1], dtype=torch.float64)
    found = minimize(
        lambda x: ((x - point.numpy()) ** 2).sum(),
        np.full(4, 0.25),
        bounds=[(0, 1)] * 4,
        constraints={"type": "eq", "fun": lambda x: x.sum() - 1},
    )
    assert np.allclose(on_simplex(point).numpy(), found.x, atol=1e-5)


def test_auxiliaries_count_as_much_as_they_agree():
    """1 for the main task, the cosine for others, 0 where it is negative."""
    g = torch.tensor([[1.0, 0.0], [2.0, 2.0], [-1.0, 0.1]])
    assert torch.allclose(agreement(g, 0), torch.tensor([1.0, 2**-0.5, 0.0]))
