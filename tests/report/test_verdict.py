"""The answer in a sentence."""

from __future__ import annotations

from dataclasses import replace

from autotransfer.average import average_of
from autotransfer.report.arms import short_leaderboard
from autotransfer.report.verdict import decided, sentence
from autotransfer.trial import Decision, JudgedBy, KnownError


def test_transfer_is_stated_with_scores_interval_and_risk(record):
    assert sentence(record) == (
        "Transfer: pooled × dvd on tfidf; accuracy 0.810 against 0.700 without transfer in validation "
        "(the guard's estimate: gain +0.110, 90 % interval +0.060 to +0.160; P(worse by more than 1 point) = 0.1 %)."
    )


def test_test_scores_take_precedence_when_transfer_is_shipped(record, verdict):
    tested = replace(record, verdict=replace(verdict, test_score=0.66, baseline_test_score=0.61))
    assert "accuracy 0.660 against 0.610 without transfer on the test rows" in sentence(tested)


def test_an_average_names_what_it_averages(record, verdict):
    """No trial has scored it: only its test score is stated. The leaderboard marks both members."""
    average = average_of(verdict.choice, verdict.baseline)
    shipped = replace(record, verdict=replace(verdict, choice=average))
    start = "Transfer: the average of pooled × dvd on tfidf and no_transfer on tfidf"
    assert sentence(shipped).startswith(f"{start} (the guard's estimate: gain +0.110")
    tested = replace(shipped, verdict=replace(shipped.verdict, test_score=0.66, baseline_test_score=0.61))
    assert sentence(tested).startswith(f"{start}; accuracy 0.660 against 0.610 without transfer on the test rows")
    roles = {row[1]: row[-1] for row in short_leaderboard(shipped, None).tables[0].rows}
    assert roles["pooled"] == "shipped, averaged"
    assert roles["no_transfer"] == "baseline, shipped, averaged"


def test_errors_are_shown_in_their_own_direction(record, verdict, trials):
    """A score of -3.1 by a smaller-is-better metric is shown as 3.1; a point is one per cent of the baseline."""
    scored = tuple(replace(trial, val_score=-3.1 if trial.number == 2 else -3.4) for trial in trials)
    worse = replace(record, metric="rmse", greater_is_better=False, leaderboard=scored)
    line = sentence(worse)
    assert "rmse 3.100 against 3.400 without transfer" in line
    assert "P(worse by more than 1 % of the baseline's rmse) = 0.1 %" in line


def test_no_transfer_names_the_best_candidate_and_what_is_shipped(record, verdict, trials):
    refused = replace(verdict, decision=Decision.DO_NOT_TRANSFER, choice=trials[0].choice, p_worse=0.4)
    line = sentence(replace(record, verdict=refused))
    assert line.startswith("Do not transfer: the best transfer is pooled × dvd on tfidf; accuracy 0.810 against 0.700")
    assert "= 40 %" in line
    assert line.endswith("Shipped: no_transfer on tfidf.")


def test_no_candidate_gives_the_reason(record, verdict, trials):
    alone = replace(
        verdict,
        decision=Decision.DO_NOT_TRANSFER,
        reason="No arm could run.",
        choice=trials[0].choice,
        best_transfer=None,
        gain=None,
        p_worse=None,
    )
    bare = replace(record, verdict=alone)
    assert sentence(bare) == "Do not transfer: No arm could run. Shipped: no_transfer on tfidf."
    assert any("unknown here" in text for text in decided(bare).paragraphs)


def test_estimates_are_called_estimates(record, verdict):
    bare = replace(verdict, estimated=True, baseline=None, gain=None, p_worse=None)
    line = sentence(replace(record, verdict=bare))
    assert "estimated accuracy 0.810" in line
    assert "label-free validator" in line
    assert "against" not in line
    tested = sentence(replace(record, verdict=replace(bare, test_score=0.66)))
    assert "accuracy 0.660 on the test rows, estimated accuracy 0.810" in tested
    assert "no probability of harm" in " ".join(decided(replace(record, verdict=bare)).paragraphs)


KNOWN = KnownError(24, "python -m benchmarks validators", 2.5, 3.25, 0.125, 0.4, 7.5)


def test_the_validator_is_named_with_its_known_error(record, verdict):
    judge = JudgedBy("source_validation", in_metric=True, higher_is_better=True, known_error=KNOWN)
    judged = replace(record, verdict=replace(verdict, estimated=True, validator=judge, baseline=None, p_worse=None))
    line, text = sentence(judged), " ".join(decided(judged).paragraphs)
    assert "estimated accuracy 0.810" in line
    assert "ranked by source_validation, whose picks lost 2.5 points on 24 known problems" in line
    for words in ("24 problems", "(python -m benchmarks validators)", "2.5 points", "12 % of its picks", "7.5"):
        assert words in text
    unknown = replace(judge, known_error=None)
    assert "nobody has measured" in sentence(replace(judged, verdict=replace(judged.verdict, validator=unknown)))


def test_a_validator_in_units_of_its_own_is_shown_in_its_own_direction(record, verdict, trials):
    """Entropy: smaller is better, so the score -0.81 is shown as 0.81, and not as an accuracy."""
    judge = JudgedBy("entropy", in_metric=False, higher_is_better=False, known_error=replace(KNOWN, error=None))
    scored = tuple(replace(trial, val_score=-0.81 if trial.number == 2 else -0.9) for trial in trials)
    judged = replace(
        record,
        leaderboard=scored,
        verdict=replace(verdict, estimated=True, validator=judge, baseline=None, gain=None, p_worse=None),
    )
    assert "; entropy 0.810." in sentence(judged)
    assert "accuracy" not in sentence(judged)
    assert "points off" not in " ".join(decided(judged).paragraphs)


def test_the_claim_is_stated_as_it_is(record):
    text = " ".join(decided(record).paragraphs)
    assert "P(worse by more than 1 point) is at most 5 %" in text
    assert "no promise" in text
    assert "never" not in text


def test_inconclusive_says_how_many_labels_would_settle_it(record, verdict):
    open_question = replace(verdict, decision=Decision.INCONCLUSIVE, labels_needed=140)
    assert any(
        "about 140 more target labels" in text for text in decided(replace(record, verdict=open_question)).paragraphs
    )


def test_effort_counts_trials(record):
    assert "5 trials in 58.2 s: 1 failed, 0 were stopped early." in decided(record).paragraphs
