"""``mmd2`` and ``class_mmd2``: the compiled kernels and the reference against the definition and each other."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from autotransfer.errors import InputError
from autotransfer.kernels import class_mmd2, mmd2
from autotransfer.kernels.mmd import reference

pytestmark = pytest.mark.usefixtures("compiled")

OCTAVES = [16.0, 4.0, 8.0, 2.0, 32.0]
GAPS = [16.0, 4.0, 2.0]
ANY = [3.0, 7.0, 2.5]
LISTS = [OCTAVES, GAPS, ANY, [5.0]]
SHAPES = [(7, 5, 3), (2, 2, 1), (50, 49, 16), (97, 120, 33), (1, 4, 2)]


@pytest.mark.parametrize("bandwidths", LISTS, ids=str)
@pytest.mark.parametrize("shape", [(7, 5, 3), (50, 49, 16)], ids=str)
@pytest.mark.parametrize("unbiased", [True, False])
def test_equals_the_definition(samples, definition, bandwidths, shape, unbiased) -> None:
    """Each bandwidth's value, in the order of the list; the sum over them; the reference the same."""
    x, y = samples(*shape)
    expected = definition(x, y, bandwidths, unbiased)
    found = mmd2(x, y, bandwidths, unbiased, reduction="none")
    np.testing.assert_allclose(found.cpu(), expected, rtol=1e-11, atol=1e-14)
    assert mmd2(x, y, bandwidths, unbiased).item() == pytest.approx(expected.sum(), rel=1e-11)
    widths = torch.tensor(bandwidths, dtype=torch.float64)
    np.testing.assert_allclose(reference.values(x, y, widths, unbiased, None, None).cpu(), expected, rtol=1e-11)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16, torch.float16], ids=str)
def test_any_shape_and_type(samples, definition, shape, dtype) -> None:
    """Half precision is exact from its rounded rows on: computed in float32 and returned so."""
    x, y = samples(*shape, dtype)
    found = mmd2(x, y, OCTAVES, False, reduction="none")
    assert found.dtype == (torch.float64 if dtype == torch.float64 else torch.float32)
    tolerance = 1e-11 if dtype == torch.float64 else 3e-6
    np.testing.assert_allclose(found.cpu(), definition(x, y, OCTAVES, False), rtol=tolerance, atol=1e-7)


def test_float32_holds_six_digits(samples) -> None:
    """Relative error under 1e-6 at the size where a product of matrices in float32 loses a digit more."""
    x, y = samples(1500, 1200, 64, torch.float32, shift=0.1)
    bandwidths = [64.0 * 2.0**k for k in range(-1, 4)]
    exact = mmd2(x.double(), y.double(), bandwidths).item()
    assert mmd2(x, y, bandwidths).item() == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("bandwidths", [OCTAVES, ANY], ids=str)
@pytest.mark.parametrize("reduction", ["sum", "none"])
@pytest.mark.parametrize("unbiased", [True, False])
def test_gradients(samples, bandwidths, reduction, unbiased) -> None:
    """Against finite differences, in both forms, for both samples and for one alone."""
    x, y = (sample.requires_grad_() for sample in samples(9, 6, 4))
    assert torch.autograd.gradcheck(lambda a, b: mmd2(a, b, bandwidths, unbiased, reduction=reduction), (x, y))
    assert torch.autograd.gradcheck(lambda a: mmd2(a, y.detach(), bandwidths, unbiased, reduction=reduction), (x,))
    assert torch.autograd.gradcheck(lambda b: mmd2(x.detach(), b, bandwidths, unbiased, reduction=reduction), (y,))


@pytest.mark.parametrize("reduction", ["sum", "none"])
def test_second_derivatives(samples, reduction) -> None:
    """Against finite differences of the gradients. Third ones are refused."""
    x, y = (sample.requires_grad_() for sample in samples(5, 4, 3))
    assert torch.autograd.gradgradcheck(lambda a, b: mmd2(a, b, ANY, reduction=reduction), (x, y))
    (first,) = torch.autograd.grad(mmd2(x, y, ANY), x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x, create_graph=True)
    with pytest.raises(NotImplementedError, match="first and second derivatives"):
        second.sum().backward()


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)
@pytest.mark.parametrize(("n", "m", "d"), [(7, 5, 3), (300, 211, 70), (200, 500, 129)])
def test_gradients_over_many_tiles(samples, dtype, n, m, d) -> None:
    """Those of the reference in float64, in the samples' type, dense, and no views of one memory."""
    x, y = (sample.requires_grad_() for sample in samples(n, m, d, dtype))
    bandwidths = [d * 2.0**k for k in (-1, 0, 1, 2)]
    grads = torch.autograd.grad(3 * mmd2(x, y, bandwidths), (x, y))
    widths = torch.tensor(bandwidths, dtype=torch.float64, device=x.device)
    X, Y = x.detach().double(), y.detach().double()
    expected = reference.gradient(X, Y, widths, torch.full_like(widths, 3.0), True, None, None)[1:]
    for grad, exact, sample in zip(grads, expected, (x, y), strict=True):
        assert grad.dtype == sample.dtype
        assert grad.is_contiguous()
        error = (grad.double() - exact).norm() / exact.norm()
        assert error < {torch.float64: 1e-12, torch.float32: 2e-6, torch.bfloat16: 4e-3}[dtype]
    assert grads[0].untyped_storage().data_ptr() != grads[1].untyped_storage().data_ptr()


def test_strides(samples) -> None:
    """Transposed, expanded, sliced and offset samples give what their copies give."""
    x, y = samples(40, 30, 8, torch.float32)
    views = {
        "transposed": x.T.contiguous().T,
        "sliced": torch.cat([x, x], 1)[:, 8:],
        "offset": torch.cat([x[:1, :1].expand(1, 8), x]).reshape(-1)[8:].view(40, 8),
        "stepped": torch.stack([x, x], 1).reshape(80, 8)[::2],
    }
    expected = mmd2(x, y, OCTAVES)
    for name, view in views.items():
        assert torch.equal(mmd2(view, y, OCTAVES), expected), name
    constant = x[:1].expand(40, 8)
    assert torch.equal(mmd2(constant, y, OCTAVES), mmd2(constant.contiguous(), y, OCTAVES))


def test_weights_are_the_definition(samples, definition) -> None:
    """Weights in any scale; a zero weight is a row that is not there; equal ones are none; columns add up."""
    x, y = samples(20, 15, 3)
    generator = torch.Generator().manual_seed(0)
    a, b = (torch.rand(len(sample), 2, generator=generator, dtype=torch.float64) for sample in (x, y))
    for unbiased in (True, False):
        found = mmd2(x, y, ANY, unbiased, x_weights=5 * a, y_weights=b, reduction="none")
        np.testing.assert_allclose(found, definition(x, y, ANY, unbiased, a, b), rtol=1e-10)
        same = mmd2(x, y, ANY, unbiased, x_weights=torch.ones(20))
        assert same.item() == pytest.approx(mmd2(x, y, ANY, unbiased).item(), rel=1e-10)
    some = torch.ones(20)
    some[12:] = 0
    assert mmd2(x, y, ANY, x_weights=some).item() == pytest.approx(mmd2(x[:12], y, ANY).item(), rel=1e-10)
    X, Y = x.requires_grad_(), y.requires_grad_()
    assert torch.autograd.gradcheck(lambda u, v: mmd2(u, v, OCTAVES, x_weights=a, y_weights=b), (X, Y))
    X32, Y32 = x.detach().float(), y.detach().float()
    rounded = mmd2(X32, Y32, ANY, x_weights=a, y_weights=b).item()
    assert rounded == pytest.approx(mmd2(x, y, ANY, x_weights=a, y_weights=b).item(), rel=1e-5)


def test_class_mmd2_is_the_mean_over_classes(samples) -> None:
    """With one-hot labels: MMD^2 of each class's own rows, averaged over the classes that both samples have."""
    x, y = samples(60, 50, 4)
    mine, theirs = torch.arange(60) % 3, torch.arange(50) % 4
    mine[mine == 2] = 4  # class 2 is in y alone, class 4 in x alone
    one_hot = [torch.nn.functional.one_hot(labels, 5).double() for labels in (mine, theirs)]
    for unbiased in (False, True):
        expected = [mmd2(x[mine == c], y[theirs == c], OCTAVES, unbiased).item() for c in (0, 1)]
        assert class_mmd2(x, y, *one_hot, OCTAVES, unbiased).item() == pytest.approx(np.mean(expected), rel=1e-10)
    assert class_mmd2(x, y, one_hot[0][:, 4:], one_hot[1][:, 4:], OCTAVES).item() == 0
    X = x.requires_grad_()
    probabilities = torch.softmax(torch.randn(50, 5, dtype=torch.float64), 1)
    assert torch.autograd.gradcheck(lambda a: class_mmd2(a, y, one_hot[0], probabilities, OCTAVES), (X,))


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_what_is_not_finite_is_seen(samples, bad, dtype) -> None:
    """One such number anywhere makes values and gradients NaN; nothing takes it for a 0."""
    x, y = samples(230, 40, 5, dtype)
    for sample, row in ((x, 0), (x, 229), (y, 17)):
        spoilt = [part.clone() for part in (x, y)]
        which = 0 if sample is x else 1
        spoilt[which][row, 2] = bad
        spoilt[0].requires_grad_()
        assert mmd2(*spoilt, OCTAVES, reduction="none").isnan().all()
        assert mmd2(*spoilt, ANY, reduction="none").isnan().all()
        value = mmd2(*spoilt, OCTAVES)
        assert value.isnan()
        assert torch.autograd.grad(value, spoilt[0])[0].isnan().any()


def test_unbiased_values_may_be_negative(samples) -> None:
    """The mean over samples of one distribution is 0, so some are below; nothing is clipped. Biased ones are not."""
    values, biased = [], []
    for n in range(30, 60):
        x, y = samples(n, n, 3, shift=0.0)
        values.append(mmd2(x, y, OCTAVES).item())
        biased.append(mmd2(x, y, OCTAVES, False).item())
    assert min(values) < 0 < max(values)
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(len(values))
    assert min(biased) > 0


def test_copies_of_a_point_stay_pairs(samples, definition) -> None:
    """The diagonal is left out by position: other rows that are equal count as k = 1. Of x with itself, biased: 0."""
    x, y = samples(6, 5, 3)
    twice = torch.cat([x, x])
    np.testing.assert_allclose(mmd2(twice, y, ANY, reduction="none"), definition(twice, y, ANY, True), rtol=1e-11)
    assert abs(mmd2(x, x, ANY, False).item()) < 1e-14
    X = x.clone().requires_grad_()
    mmd2(X, X, ANY, False).backward()
    assert X.grad.abs().max() < 1e-14


def test_a_common_offset_changes_nothing(samples) -> None:
    """10^4 on all coordinates: beyond 1e-5 nothing changes in float32. Rows are on a grid, so that the sum is exact."""
    x, y = ((sample * 512).round() / 512 for sample in samples(300, 280, 20, torch.float32))
    bandwidths = [40.0, 20.0, 80.0]
    near = [sample.clone().requires_grad_() for sample in (x, y)]
    far = [(sample + 1e4).requires_grad_() for sample in (x, y)]
    assert torch.equal(far[0].detach() - 1e4, x)
    value, moved = mmd2(*near, bandwidths), mmd2(*far, bandwidths)
    assert moved.item() == pytest.approx(value.item(), rel=1e-5)
    for one, other in zip(torch.autograd.grad(value, near), torch.autograd.grad(moved, far), strict=True):
        assert (one - other).norm() < 1e-5 * one.norm()


@pytest.mark.parametrize(
    ("dtype", "shift", "digits"), [(torch.float64, 1e4, 1e-6), (torch.float32, 30.0, 1e-4)], ids=str
)
def test_kernels_of_far_rows_are_nothing(samples, definition, dtype, shift, digits) -> None:
    """They underflow to 0, on the way through all squarings: MMD^2 is the sum of the two means within."""
    x, y = samples(30, 20, 4, dtype, shift=shift)
    found = mmd2(x, y, [4.0, 2.0, 1.0, 0.01], False, reduction="none")
    assert definition(x, y, [4.0], False) == pytest.approx(definition(x, y + shift, [4.0], False), rel=1e-6)
    np.testing.assert_allclose(found, definition(x, y, [4.0, 2.0, 1.0, 0.01], False), rtol=digits)


@pytest.mark.parametrize("threads", [1, 2])
def test_runs_are_equal_bit_by_bit(samples, threads) -> None:
    """Sums are added in one order, whatever the threads do: values and gradients of ten runs, and of one thread."""
    x, y = samples(700, 650, 40, torch.float32)

    def run() -> list[torch.Tensor]:
        rows = [x.clone().requires_grad_(), y.clone().requires_grad_()]
        value = mmd2(*rows, OCTAVES)
        return [value.detach(), mmd2(x, y, OCTAVES), *torch.autograd.grad(value, rows)]

    before = torch.get_num_threads()
    expected = run()
    try:
        torch.set_num_threads(threads)
        for _ in range(10):
            assert all(torch.equal(a, b) for a, b in zip(run(), expected, strict=True))
    finally:
        torch.set_num_threads(before)


@pytest.mark.filterwarnings("ignore:.*torch.jit.script_method:DeprecationWarning")  # PyTorch's own, in inductor
@pytest.mark.parametrize(("reduction", "backend"), [("sum", "inductor"), ("none", "aot_eager")])
def test_compiles_into_one_graph(samples, reduction, backend) -> None:
    """``torch.compile(fullgraph=True)``, forward and backward, gives what eager gives."""
    x, y = samples(33, 20, 5, torch.float32)

    def loss(a, b):
        return (mmd2(a * 2, b, OCTAVES, reduction=reduction) ** 2).sum()

    found = []
    for function in (loss, torch.compile(loss, fullgraph=True, backend=backend, dynamic=True)):
        rows = [x.clone().requires_grad_(), y.clone().requires_grad_()]
        value = function(*rows)
        found.append([value.detach(), *torch.autograd.grad(value, rows)])
    for eager, compiled in zip(*found, strict=True):
        torch.testing.assert_close(compiled, eager)


def test_autocast_leaves_it_alone(samples, device) -> None:
    """The same under autocast, with the compiled kernels as with the reference."""
    x, y = samples(40, 30, 8, torch.float32)
    widths = torch.tensor(OCTAVES, dtype=torch.float64, device=x.device)
    with torch.autocast(device, dtype=torch.bfloat16):
        inside = mmd2(x, y, OCTAVES)
    assert torch.equal(inside, mmd2(x, y, OCTAVES))
    assert inside.item() == pytest.approx(reference.values(x, y, widths, True, None, None).sum().item(), rel=1e-5)


def test_bandwidths_may_be_a_tensor(samples) -> None:
    """In any type; no gradient flows to them."""
    x, y = samples(20, 20, 3)
    widths = torch.tensor(OCTAVES, requires_grad=True)
    X = x.clone().requires_grad_()
    value = mmd2(X, y, widths)
    assert value.item() == pytest.approx(mmd2(x, y, OCTAVES).item(), rel=1e-12)
    value.backward()
    assert widths.grad is None


def test_larger_for_larger_shifts(samples) -> None:
    """Monotone until the samples are apart."""
    values = [mmd2(*samples(200, 200, 3, shift=shift), OCTAVES).item() for shift in (0.0, 0.3, 0.6, 1.2)]
    assert all(a < b for a, b in pairwise(values))


def test_errors(samples) -> None:
    """Those of this function alone; what all have in common is in ``test_arguments``."""
    x, y = samples(5, 4, 3)
    with pytest.raises(InputError, match="reduction is 'mean'"):
        mmd2(x, y, OCTAVES, reduction="mean")
    with pytest.raises(InputError, match="x_weights is"):
        mmd2(x, y, OCTAVES, x_weights=torch.ones(4))
    with pytest.raises(InputError, match="2 and 1 columns"):
        mmd2(x, y, OCTAVES, x_weights=torch.ones(5, 2))
    with pytest.raises(InputError, match="y_classes is"):
        class_mmd2(x, y, torch.ones(5, 2), torch.ones(4, 3), OCTAVES)
