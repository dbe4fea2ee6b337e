"""The answer in a sentence, and how it was reached."""

from __future__ import annotations

from autotransfer.average import AVERAGE, members
from autotransfer.report import words
from autotransfer.report.types import Section
from autotransfer.trial import Choice, Decision, RunRecord, Status

TONES = {Decision.TRANSFER: "good", Decision.DO_NOT_TRANSFER: "stop", Decision.INCONCLUSIVE: "open"}


def sentence(record: RunRecord) -> str:
    """The verdict in plain words, scores in the metric's own direction."""
    verdict = record.verdict
    parts = [_opening(record), _scores(record)]
    line = "; ".join(part for part in parts if part) + _bracket(record) + "."
    if verdict.decision is not Decision.TRANSFER:
        line += f" Shipped: {describe(verdict.choice)}."
    if words.on_loan(record):
        line += " The target has too few labelled rows to score by: these are estimates, from classes of a source."
    elif verdict.estimated:
        line += f" The target has no labels: arms were ranked {_by_validator(record)}."
    return line


def _by_validator(record: RunRecord) -> str:
    """Which validator, and what its picks are known to lose."""
    judge = record.verdict.validator
    if judge is None:
        return "by a label-free validator"
    known = judge.known_error
    if known is None:
        return f"by {judge.name}, whose error nobody has measured"
    return f"by {judge.name}, whose picks lost {known.regret:.1f} points on {known.problems} known problems"


def describe(choice: Choice) -> str:
    """An arm with its encoder, e.g. ``pooled × dvd on tfidf``, or what is averaged."""
    if choice.method == AVERAGE:
        return f"the average of {' and '.join(describe(member) for member in members(choice))}"
    return f"{choice.arm} on {choice.encoder}" if choice.encoder else str(choice.arm)


def _opening(record: RunRecord) -> str:
    verdict = record.verdict
    if verdict.decision is Decision.TRANSFER:
        return f"Transfer: {describe(verdict.choice)}"
    word = "Do not transfer" if verdict.decision is Decision.DO_NOT_TRANSFER else "Inconclusive"
    if verdict.best_transfer is None:
        return f"{word}: {verdict.reason.rstrip('.')}"
    return f"{word}: the best transfer is {describe(verdict.best_transfer)}"


def _scores(record: RunRecord) -> str:
    verdict = record.verdict
    if verdict.estimated:
        return _estimated(record)
    pair = (verdict.test_score, verdict.baseline_test_score)
    place = "on the test rows"
    if verdict.decision is not Decision.TRANSFER or None in pair:
        pair = (val_score(record, verdict.best_transfer), val_score(record, verdict.baseline))
        place = "in validation"
        if verdict.choice.method == AVERAGE:  # no trial has scored it
            return ""
    if pair[0] is None:
        return ""
    against = "" if pair[1] is None else f" against {words.score(record, pair[1])} without transfer"
    return f"{record.metric} {words.score(record, pair[0])}{against} {place}"


def _estimated(record: RunRecord) -> str:
    """Without target labels: the estimate, and the test score where there is one."""
    tested, estimate = record.verdict.test_score, val_score(record, record.verdict.choice)
    parts = []
    if tested is not None:
        parts.append(f"{record.metric} {words.score(record, tested)} on the test rows")
    if estimate is not None:
        parts.append(f"{words.scored_by(record)[0]} {words.validation_score(record, estimate)}")
    return ", ".join(parts)


def val_score(record: RunRecord, choice: Choice | None) -> float | None:
    """The best validation score among the trials of a choice."""
    if choice is None:
        return None
    scores = [trial.val_score for trial in record.leaderboard if trial.choice == choice]
    return max((score for score in scores if score is not None), default=None)


def _bracket(record: RunRecord) -> str:
    parts = []
    if record.verdict.gain is not None:
        parts.append(f"the guard's estimate: {words.interval(record.verdict.gain)}")
    if record.verdict.p_worse is not None:
        parts.append(f"{_worse(record)} = {words.percent(record.verdict.p_worse)}".replace("= <", "<"))
    return f" ({'; '.join(parts)})" if parts else ""


def _worse(record: RunRecord) -> str:
    return f"P(worse by more than {words.points(record)})"


def decided(record: RunRecord) -> Section:
    """How the decision was made, with the guard's claim as it is."""
    verdict = record.verdict
    rule = (
        f"Transfer is shipped only when {_worse(record)} is at most {words.percent(verdict.alpha)}; otherwise the best "
        "model without transfer is shipped. The average of the two, which risks less, is examined beside the transfer. "
    )
    if verdict.estimated and not words.on_loan(record):
        rule = "Arms were ranked by scores that use no target label; no probability of harm can be stated."
    elif verdict.p_worse is None:
        rule += "There was nothing to compare, so this probability is unknown here."
    elif words.on_loan(record):
        rule += (
            f"Here it is {words.percent(verdict.p_worse)}, estimated from tasks of a source's classes in a way that "
            "allows for the search. It holds for the target as far as its classes are like those."
        )
    else:
        rule += (
            f"Here it is {words.percent(verdict.p_worse)}, estimated from target rows in a way that allows for the "
            "search. This bounds how often such decisions do harm; it is no promise about a single model."
        )
    paragraphs = [verdict.reason, rule, _known_error(record), _change(record), _test(record), _effort(record)]
    return Section("How it was decided", tuple(text for text in paragraphs if text))


def _known_error(record: RunRecord) -> str:
    """How far the validator was off where labels could tell."""
    judge = record.verdict.validator
    if judge is None or judge.known_error is None:
        return ""
    known = judge.known_error
    line = (
        f"Known error of {judge.name}, from {known.problems} problems whose labels were kept from it "
        f"({known.measured_by}): on average its pick was {known.regret:.1f} points below the best candidate, "
        f"source_only with its defaults {known.source_only:.1f}; {words.percent(known.below_source_only)} of "
        f"its picks were below source_only; rank correlation with the truth {known.correlation:.2f}"
    )
    if known.error is None:
        return f"{line}."
    return f"{line}; its pick's score was {known.error:.1f} points off on average."


def _change(record: RunRecord) -> str:
    verdict = record.verdict
    if verdict.labels_needed is not None:
        return (
            f"What would change the decision: about {verdict.labels_needed} more target labels would settle it, "
            "if the gain and its spread stay as they are."
        )
    if verdict.decision is Decision.DO_NOT_TRANSFER:
        return "What would change the decision: a closer source, or a method that is not installed or was left out."
    return ""


def _test(record: RunRecord) -> str:
    verdict = record.verdict
    if verdict.test_score is None:
        return ""
    line = (
        f"On the test rows, read once, the shipped model has {record.metric} {words.score(record, verdict.test_score)}"
    )
    if verdict.baseline_test_score is None:
        return f"{line}."
    return f"{line}; the best model without transfer has {words.score(record, verdict.baseline_test_score)}."


def _effort(record: RunRecord) -> str:
    refused = sum(trial.status is Status.REFUSED for trial in record.leaderboard)
    more = f" {refused} gave models that the limits on size or on forgetting refuse." if refused else ""
    return (
        f"{record.trials_total} trials in {words.seconds(record.seconds)}: "
        f"{record.trials_failed} failed, {record.trials_pruned} were stopped early."
        f"{more}"
    )
