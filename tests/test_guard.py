"""The guard's level and power by simulation, and its pieces against closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t

from autotransfer.guard import Candidates, Comparison, compare, compare_each, compare_held_out, rule
from autotransfer.metrics import METRICS, Metric
from autotransfer.trial import Decision
from benchmarks.guard import cell
from benchmarks.guard import simulated_run as unsure_run

ACCURACY = METRICS["accuracy"]
RUNS = 400


def hits_to_probabilities(hits: np.ndarray) -> np.ndarray:
    return np.stack([1.0 - hits, hits.astype(float)], axis=1)


def simulated_run(n: int, gain: float, rng: np.random.Generator) -> Candidates:
    """The benchmark's simulated run with hits in place of probabilities: right where they are above one half.

    30 transfer and 30 baseline trials on n rows, the best transfer truly ``gain`` better.
    """
    unsure = unsure_run(n, gain, rng)
    sides = (unsure.transfer, unsure.baseline)
    hits = [[(hits_to_probabilities(rounds[0][:, 1] > 0.5),) for rounds in side] for side in sides]
    return Candidates(unsure.y, *hits)


def shipped_share(n: int, gain: float) -> float:
    shipped = 0
    for seed in range(RUNS):
        comparison = compare(simulated_run(n, gain, np.random.default_rng(seed)), ACCURACY, seed=seed)
        shipped += rule(comparison, ACCURACY, epsilon=1.0, alpha=0.05).decision is Decision.TRANSFER
    return shipped / RUNS


@pytest.mark.slow
@pytest.mark.parametrize("n", [60, 300])
def test_harmful_transfer_is_shipped_in_at_most_5_percent(n: int) -> None:
    """Level: at a true gain of -3 points, P(ship) <= 0.05."""
    assert shipped_share(n, -0.03) <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize(("n", "power"), [(60, 0.6), (300, 0.9)])
def test_helpful_transfer_is_shipped(n: int, power: float) -> None:
    """Power: at a true gain of +10 points, P(ship) >= power."""
    assert shipped_share(n, 0.10) >= power


@pytest.mark.slow
@pytest.mark.parametrize("n", [60, 300])
def test_a_harmful_average_is_shipped_in_at_most_5_percent(n: int) -> None:
    """Level: at -9 points the average with the baseline is itself truly worse by more than a point (by 2, measured on
    10^5 rows), and P(ship either) <= 0.05."""
    found = cell(n, -0.09, runs=100)
    assert found.average_gain < -0.01
    assert found.harmful == found.alone + found.average <= 0.05


def test_the_average_is_compared_as_a_candidate_of_its_own() -> None:
    """With one candidate a side, the comparison of the average is that of the mean predictions as the transfer: by
    rows, by calls of an opaque metric, and on held-out rows."""
    found = unsure_run(80, 0.05, np.random.default_rng(5), per_side=1)
    mean = (found.transfer[0][0] + found.baseline[0][0]) / 2
    stated = Candidates(found.y, [(mean,)], found.baseline)
    opaque = Metric("opaque", ACCURACY.value, regression=False)
    for metric in (ACCURACY, opaque):
        assert compare(found, metric, seed=0, averaged=True) == compare(stated, metric, seed=0)
    assert compare_held_out(found, ACCURACY, seed=0, averaged=True) == compare_held_out(stated, ACCURACY, seed=0)


def test_averages_are_of_rounds_that_both_have() -> None:
    """Round k of one side goes with round k of the other, whose folds are the same."""
    p, q = np.eye(2)[[0, 1]], np.eye(2)[[1, 1]]
    candidates = Candidates(np.array([0, 1]), [(p, q, q)], [(q, q)])
    np.testing.assert_array_equal(candidates.averaged(0, 0), [(p + q) / 2, q])


def test_one_candidate_a_side_is_the_paired_difference() -> None:
    """Without a choice to make, mean and standard error are those of paired row differences d: mean d, s_d / sqrt n."""
    rng = np.random.default_rng(0)
    a, b = rng.random((2, 50)) < 0.6
    comparison = compare(
        Candidates(np.ones(50, np.int64), [(hits_to_probabilities(a),)], [(hits_to_probabilities(b),)]),
        ACCURACY,
        seed=0,
    )
    d = a.astype(float) - b
    assert comparison.mean == pytest.approx(d.mean(), abs=1e-12)
    assert comparison.standard_error == pytest.approx(d.std(ddof=1) / np.sqrt(50), rel=1e-9)


def test_root_mean_square_error_by_the_delta_method() -> None:
    """RMSE gain g = sqrt(mean b) - sqrt(mean a): Var g = Var(a / (2 sqrt(mean a)) - b / (2 sqrt(mean b))) / n."""
    rng = np.random.default_rng(1)
    y, a, b = rng.standard_normal((3, 80))
    comparison = compare(Candidates(y, [(a,)], [(b,)]), METRICS["rmse"], seed=0)
    sa, sb = (y - a) ** 2, (y - b) ** 2
    influence = sa / (2 * np.sqrt(sa.mean())) - sb / (2 * np.sqrt(sb.mean()))
    assert comparison.mean == pytest.approx(np.sqrt(sb.mean()) - np.sqrt(sa.mean()))
    assert comparison.standard_error == pytest.approx(influence.std(ddof=1) / np.sqrt(80))


def test_the_luck_of_a_long_search_is_taken_back() -> None:
    """60 coin-flipping transfers against one coin flip: the best looks better by about two standard deviations of a
    mean of 60 rows (0.13); corrected for the choice, the mean over runs is 0."""
    naive, corrected = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        hits = rng.random((61, 60)) < 0.5
        side = [(hits_to_probabilities(row),) for row in hits]
        candidates = Candidates(np.ones(60, np.int64), side[1:], side[:1])
        naive.append(hits[1:].mean(1).max() - hits[0].mean())
        corrected.append(compare(candidates, ACCURACY, seed=seed, resamples=300).mean)
    assert np.mean(naive) > 0.10
    assert abs(np.mean(corrected)) < 3 * np.std(corrected) / np.sqrt(60) + 0.01


def test_a_metric_that_is_no_mean_over_rows_gets_about_the_same_interval() -> None:
    """Accuracy by its rows and accuracy as an opaque function agree: means to 1 point, spreads to a factor of 1.5."""
    opaque = Metric("opaque", ACCURACY.value, regression=False)
    candidates = simulated_run(100, 0.05, np.random.default_rng(3))
    few = Candidates(candidates.y, candidates.transfer[:5], candidates.baseline[:5])
    by_row, by_call = compare(few, ACCURACY, seed=0), compare(few, opaque, seed=0)
    assert by_call.mean == pytest.approx(by_row.mean, abs=0.015)
    assert 1 / 1.5 < by_call.standard_error / by_row.standard_error < 1.5


def test_held_out_rows_give_the_paired_difference() -> None:
    """On rows that chose nothing the mean is the plain difference and the bootstrap spread is s_d / sqrt n to 15 %."""
    rng = np.random.default_rng(4)
    a, b = rng.random((2, 400)) < [[0.8], [0.7]]
    candidates = Candidates(np.ones(400, np.int64), [(hits_to_probabilities(a),)], [(hits_to_probabilities(b),)])
    comparison = compare_held_out(candidates, ACCURACY, seed=0)
    d = a.astype(float) - b
    assert comparison.mean == pytest.approx(d.mean())
    assert comparison.standard_error == pytest.approx(d.std(ddof=1) / 20, rel=0.15)


def test_interval_and_probability_are_students() -> None:
    """P(gain < c) = T_{n-1}((c - mean) / se), and the interval cuts 5 % on each side."""
    comparison = Comparison(0.04, 0.02, 25, 0.7)
    assert comparison.p_below(0.0) == pytest.approx(t.cdf(-2.0, 24))
    interval = comparison.interval(0.9)
    assert comparison.p_below(interval.low) == pytest.approx(0.05)
    assert comparison.p_below(interval.high) == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("mean", "error", "decision"),
    [
        (0.10, 0.02, Decision.TRANSFER),
        (0.00, 0.004, Decision.DO_NOT_TRANSFER),
        (0.005, 0.004, Decision.TRANSFER),
        (-0.05, 0.01, Decision.DO_NOT_TRANSFER),
        (0.03, 0.05, Decision.INCONCLUSIVE),
        (-0.001, 0.05, Decision.DO_NOT_TRANSFER),
    ],
)
def test_rule(mean: float, error: float, decision: Decision) -> None:
    """Transfer iff P(gain < -1 point) <= 5 %; otherwise no positive estimate means no transfer."""
    assert rule(Comparison(mean, error, 60, 0.7), ACCURACY, epsilon=1.0, alpha=0.05).decision is decision


def test_labels_needed_would_settle_it() -> None:
    """With that many more rows and the same mean and row spread, the rule says transfer (normal approximation)."""
    comparison = Comparison(0.04, 0.06, 60, 0.7)
    more = rule(comparison, ACCURACY, epsilon=1.0, alpha=0.05).labels_needed
    assert more is not None
    n = 60 + int(more * 1.1)
    larger = Comparison(0.04, 0.06 * np.sqrt(60 / n), n, 0.7)
    smaller = Comparison(0.04, 0.06 * np.sqrt(60 / (60 + more * 0.8)), 60, 0.7)
    assert rule(larger, ACCURACY, epsilon=1.0, alpha=0.05).decision is Decision.TRANSFER
    assert rule(smaller, ACCURACY, epsilon=1.0, alpha=0.05).decision is Decision.INCONCLUSIVE


def test_equal_predictions_are_a_certain_tie() -> None:
    """Identical candidates: gain 0, spread 0, and P(gain < -1 point) = 0."""
    hits = np.random.default_rng(5).random(40) < 0.7
    side = [(hits_to_probabilities(hits),)]
    comparison = compare(Candidates(np.ones(40, np.int64), side, side), ACCURACY, seed=0)
    assert (comparison.mean, comparison.standard_error) == (0.0, 0.0)
    assert comparison.p_below(-0.01) == 0.0


@pytest.mark.parametrize("n", [3, 20])
def test_rows_that_all_agree_do_not_prove_a_gain(n: int) -> None:
    """Scatter 0 is no certainty: one more row without gain gives an error of about gain / n."""
    right, wrong = (hits_to_probabilities(np.full(n, hit)) for hit in (True, False))
    found = compare(Candidates(np.ones(n, np.int64), [(right,)], [(wrong,)]), ACCURACY, seed=0)
    assert found.mean == 1.0
    assert found.standard_error == pytest.approx(1 / n)
    assert 0 < found.p_below(0.0) < 0.5


def test_a_metric_that_no_part_of_the_rows_allows_settles_nothing() -> None:
    """Two rows of two classes: every out-of-bag part has one class, so no resample has an area under the curve."""
    right = np.array([[0.9, 0.1], [0.2, 0.8]])
    found = compare(Candidates(np.array([0, 1]), [(right,)], [(right[::-1],)]), METRICS["roc_auc"], seed=0)
    assert found.mean == 1.0
    ruling = rule(found, METRICS["roc_auc"], epsilon=1.0, alpha=0.05)
    assert ruling.decision is Decision.INCONCLUSIVE
    assert ruling.labels_needed >= 1


def test_a_resample_that_cannot_choose_does_not_count() -> None:
    """In bags of one class nothing is chosen; the first candidate, the best on all rows, would be flattered."""
    y = np.array([1, 0, 0, 0, 0, 0])
    rng = np.random.default_rng(0)
    scores = [hits_to_probabilities(rng.uniform(size=6)) for _ in range(4)]
    flat = hits_to_probabilities(np.full(6, 0.5))
    candidates = Candidates(y, [(p,) for p in scores], [(flat,)])
    # With one positive row a bag and its rest never both have one, so no resample says anything.
    assert compare(candidates, METRICS["roc_auc"], seed=0).standard_error == 1.0


@pytest.mark.parametrize("name", ["accuracy", "roc_auc"])
def test_several_sets_of_transfer_share_the_baselines_calls(name: str) -> None:
    """The same comparisons as one by one; a metric that has to be called is called for the baseline once."""
    rng = np.random.default_rng(0)
    y = np.arange(40) % 2
    transfer, other, baseline = ([(hits_to_probabilities(rng.uniform(size=40)),)] for _ in range(3))
    calls = []
    plain = METRICS[name]

    def value(y: np.ndarray, p: np.ndarray) -> float:
        calls.append(p)
        return plain.value(y, p)

    counted = replace(plain, value=value)
    found = compare_each([Candidates(y, side, baseline) for side in (transfer, other)], counted, seed=1, resamples=50)
    made = len(calls)
    assert found == [
        compare(Candidates(y, side, baseline), counted, seed=1, resamples=50) for side in (transfer, other)
    ]
    assert made == (0 if plain.row_scores else 3 * 2 * 50)


@pytest.mark.parametrize("name", ["accuracy", "roc_auc"])
def test_rows_of_a_group_count_as_one(name: str) -> None:
    """Each row ten times over, and each of them said to be of the same group: the comparison is that of the rows once.
    Without groups the same rows look like ten times the evidence."""
    rng = np.random.default_rng(0)
    y = np.arange(40) % 2
    transfer, baseline = (hits_to_probabilities((rng.uniform(size=40) < share).astype(float)) for share in (0.9, 0.6))
    once = Candidates(y, [(transfer,)], [(baseline,)])
    tenfold = Candidates(np.repeat(y, 10), [(np.repeat(transfer, 10, axis=0),)], [(np.repeat(baseline, 10, axis=0),)])
    metric = METRICS[name]
    expected = compare(once, metric, seed=1)
    found = compare(replace(tenfold, groups=np.repeat(np.arange(40), 10)), metric, seed=1)
    assert (found.n, found.mean) == (40, pytest.approx(expected.mean))
    assert found.standard_error == pytest.approx(expected.standard_error)
    assert compare(tenfold, metric, seed=1).standard_error < 0.6 * expected.standard_error
