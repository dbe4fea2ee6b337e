"""From a ruling to a verdict in words, and the final fits."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autotransfer.average import average_of
from autotransfer.bench import Bench
from autotransfer.conclude import Finalist, Findings, announce, decide, record_of, score_on_test, train, train_all
from autotransfer.data import Dataset, Modality
from autotransfer.errors import AutoTransferError, InputError
from autotransfer.evaluate import run_job
from autotransfer.examine import Examined
from autotransfer.executors.inprocess import InProcess
from autotransfer.features import FeatureCache
from autotransfer.guard import Comparison, Ruling
from autotransfer.metrics import METRICS
from autotransfer.plugins import load_catalogue
from autotransfer.problem import Problem
from autotransfer.progress import Silent
from autotransfer.record import from_json
from autotransfer.session import Clock, Session
from autotransfer.settings import Settings
from autotransfer.store import RunFolder
from autotransfer.trial import Arm, Choice, Decision, Skipped, Status, TrialRecord

CATALOGUE = load_catalogue(())
LINEAR = {"learner": {"kind": "linear", "l2": 1.0}}
TRANSFER = Choice("pooled", "s", "standard", LINEAR)
BASELINE = Choice("no_transfer", None, "standard", LINEAR)


def rows(n: int, seed: int) -> Dataset:
    X = np.random.default_rng(seed).normal(size=(n, 2)).astype(np.float32)
    return Dataset("t", Modality.FEATURES, X, (X[:, 0] > 0).astype(int))


def session_of(folder: Path, *, labeled: bool = True, test: Dataset | None = None, **options: object) -> Session:
    target = rows(30 if labeled else 0, 0)
    problem = Problem("p", target, ("a", "b"), (), None, test, notes=("a note",))
    clock = Clock(time.monotonic(), 60.0)
    given = {"target": None, "sources": []}
    return Session(Settings(**options), RunFolder(folder), clock, Silent(), CATALOGUE, problem, given)


def bench_of(session: Session, metric: str = "accuracy") -> Bench:
    encoders = {encoder.name: encoder for encoder in CATALOGUE.encoders}
    return Bench(replace(session.problem, test=None), encoders, FeatureCache(None), METRICS[metric])


def ruling(decision: Decision, needed: int | None = None) -> Ruling:
    return Ruling(decision, Comparison(0.04, 0.02, 30, 0.8), 0.123, needed)


@pytest.mark.parametrize(
    ("decision", "shipped"),
    [
        (Decision.TRANSFER, TRANSFER),
        (Decision.DO_NOT_TRANSFER, BASELINE),
        (Decision.INCONCLUSIVE, BASELINE),
    ],
)
def test_only_a_ruling_for_transfer_ships_it(tmp_path, decision, shipped):
    """Else the baseline goes out; the reason has the probability, its limit and the number of labels."""
    session = session_of(tmp_path, epsilon=2.0, alpha=0.1)
    verdict = decide(session, Examined(ruling(decision, 77), TRANSFER, BASELINE))
    assert verdict.decision is decision
    assert verdict.choice == shipped
    assert (verdict.best_transfer, verdict.baseline) == (TRANSFER, BASELINE)
    assert verdict.gain.low < verdict.gain.mean == 0.04 < verdict.gain.high
    assert verdict.p_worse == 0.123
    assert (verdict.epsilon, verdict.alpha, verdict.estimated) == (2.0, 0.1, False)
    assert "more than 2 points) = 12.3%" in verdict.reason
    assert "at most 10%" in verdict.reason
    assert ("77 more labels" in verdict.reason) == (decision is Decision.INCONCLUSIVE)


@pytest.mark.parametrize(
    ("labeled", "sides", "decision", "shipped", "words"),
    [
        (False, (TRANSFER, None), Decision.TRANSFER, TRANSFER, "no labels"),
        (True, (TRANSFER, None), Decision.INCONCLUSIVE, TRANSFER, "without transfer finished"),
        (True, (None, BASELINE), Decision.DO_NOT_TRANSFER, BASELINE, "no transfer candidate finished"),
        (True, (TRANSFER, BASELINE), Decision.INCONCLUSIVE, BASELINE, "did not finish in time"),
    ],
)
def test_without_a_comparison_the_reason_says_why(tmp_path, labeled, sides, decision, shipped, words):
    verdict = decide(session_of(tmp_path, labeled=labeled), Examined(None, *sides))
    assert (verdict.decision, verdict.choice, verdict.gain) == (decision, shipped, None)
    assert words in verdict.reason
    assert verdict.estimated is not labeled


def test_when_nothing_finished_there_is_one_line(tmp_path):
    with pytest.raises(AutoTransferError, match="no trial finished"):
        decide(session_of(tmp_path), Examined(None, None, None))


def test_when_every_trial_failed_the_line_says_why_and_the_trials_are_saved(tmp_path):
    session = session_of(tmp_path)
    board = [TrialRecord(number, BASELINE, Status.FAILED, error="out of memory") for number in range(2)]
    with pytest.raises(
        AutoTransferError, match=r"no trial finished; .*no_transfer.*: out of memory; every error is in"
    ):
        decide(session, Examined(None, None, None), board)
    assert (session.folder.path / "leaderboard.csv").read_text().count("out of memory") == 2


def test_one_point_is_singular(tmp_path):
    found = ruling(Decision.TRANSFER)
    verdict = decide(session_of(tmp_path, epsilon=1.0), Examined(found, TRANSFER, BASELINE))
    assert "by more than 1 point)" in verdict.reason


def test_the_final_fit_predicts_the_test_rows_which_its_bench_does_not_hold(tmp_path):
    session = session_of(tmp_path, test=rows(200, 1))
    bench = bench_of(session)
    finalist = train(session, InProcess(run_job, bench), BASELINE)
    assert finalist.test.shape == (200, 2)
    verdict = decide(session, Examined(None, None, BASELINE))
    scored = score_on_test(session, bench, verdict, {"shipped": finalist, "baseline": finalist})
    assert scored.test_score == scored.baseline_test_score > 0.9
    expected = np.mean(finalist.test.argmax(1) == session.problem.test.labels)
    assert scored.test_score == pytest.approx(expected)


def test_without_test_rows_there_are_no_test_scores(tmp_path):
    session = session_of(tmp_path)
    bench = bench_of(session)
    finalist = train(session, InProcess(run_job, bench), BASELINE)
    assert finalist.test is None
    verdict = decide(session, Examined(None, None, BASELINE))
    assert score_on_test(session, bench, verdict, {"shipped": finalist}) == verdict


def test_an_undefined_test_score_is_none(tmp_path):
    """ROC AUC of test rows of one class."""
    one_class = replace(rows(5, 1), y=np.zeros(5, int))
    session = session_of(tmp_path, test=one_class)
    bench = bench_of(session, "roc_auc")
    verdict = decide(session, Examined(None, None, BASELINE))
    finalist = Finalist(BASELINE, {}, np.tile([0.5, 0.5], (5, 1)))
    assert score_on_test(session, bench, verdict, {"shipped": finalist}).test_score is None


def test_a_final_fit_that_fails_names_the_arm_and_the_reason(tmp_path):
    session = session_of(tmp_path)
    bench = bench_of(session)

    def work(bench, job):
        raise MemoryError("too big")

    with pytest.raises(AutoTransferError, match=r"no_transfer: the final fit failed \(MemoryError: too big\)"):
        train(session, InProcess(work, bench), BASELINE)


def test_a_transfer_whose_final_fit_fails_gives_way_to_the_baseline(tmp_path):
    """The baseline is trained anyway; the verdict becomes inconclusive and says what failed."""
    session = session_of(tmp_path)
    bench = bench_of(session)
    ruled = decide(session, Examined(ruling(Decision.TRANSFER), TRANSFER, BASELINE))

    def work(bench, job):
        if type(job.method).is_transfer():
            raise MemoryError("too big")
        return run_job(bench, job)

    verdict, trained = train_all(session, InProcess(work, bench), ruled)
    assert (verdict.decision, verdict.choice) == (Decision.INCONCLUSIVE, BASELINE)
    assert "pooled × s: the final fit failed (MemoryError: too big)" in verdict.reason
    assert trained["shipped"] is trained["baseline"]


def test_a_model_that_outgrows_the_size_budget_in_the_end_gives_way_to_the_baseline(tmp_path):
    """A linear model of two features has 3 numbers beside the encoder's; nearest neighbours keep all 30 rows."""
    neighbours = replace(TRANSFER, method="no_transfer", source=None, params={"learner": {"kind": "neighbors"}})
    session = session_of(tmp_path, max_params=20)
    executor = InProcess(run_job, bench_of(session))
    with pytest.raises(
        AutoTransferError, match=r"beyond the size budget: \d+ parameters are more than --max-params 20"
    ):
        train(session, executor, neighbours)
    ruled = decide(session, Examined(ruling(Decision.TRANSFER), neighbours, BASELINE))
    verdict, trained = train_all(session, executor, ruled)
    assert (verdict.decision, verdict.choice) == (Decision.INCONCLUSIVE, BASELINE)
    assert trained["shipped"] is trained["baseline"]


def test_an_average_is_shipped_whole(tmp_path):
    """The verdict names both members; the model's test predictions are the mean of theirs."""
    session = session_of(tmp_path, test=rows(20, 1))
    bench = bench_of(session)
    other = replace(BASELINE, encoder="identity")
    verdict = decide(session, Examined(ruling(Decision.TRANSFER), other, BASELINE, averaged=True))
    assert verdict.choice == average_of(other, BASELINE)
    assert (verdict.best_transfer, verdict.baseline) == (other, BASELINE)
    executor = InProcess(run_job, bench)
    each = [train(session, executor, choice).test for choice in (other, BASELINE)]
    shipped = train_all(session, executor, verdict)[1]["shipped"]
    np.testing.assert_allclose(shipped.test, np.mean(each, axis=0), rtol=1e-12)


def test_a_shipped_baseline_is_trained_once(tmp_path):
    session = session_of(tmp_path)
    bench = bench_of(session)
    jobs = []

    def work(bench, job):
        jobs.append(job)
        return run_job(bench, job)

    ruled = decide(session, Examined(ruling(Decision.DO_NOT_TRANSFER), TRANSFER, BASELINE))
    train_all(session, InProcess(work, bench), ruled)
    assert len(jobs) == 1


def test_a_run_that_was_announced_can_be_resumed_but_not_read(tmp_path):
    session = session_of(tmp_path, seed=5)
    announce(session)
    content = RunFolder.open(tmp_path).read_json()
    assert content["settings"]["seed"] == 5
    assert content["data"] == json.loads(json.dumps(session.data()))
    with pytest.raises(InputError, match="--resume"):
        from_json(content)


def test_the_record_holds_what_was_found(tmp_path):
    session = session_of(tmp_path)
    session.notes.append("another note")
    session.skipped.append(Skipped("coral", "s", "why"))
    board = tuple(TrialRecord(number, BASELINE, status) for number, status in enumerate(Status))
    verdict = decide(session, Examined(None, None, BASELINE))
    risks = {Arm("pooled", "s"): 0.25, Arm("coral", "s"): 0.5, Arm("pooled", "t"): 0.75}
    found = Findings(board, {"s": {"mmd": None}}, risks, interrupted=True)
    record = record_of(session, bench_of(session, "log_loss"), verdict, found)
    assert (record.trials_total, record.trials_failed, record.trials_pruned) == (4, 1, 1)
    assert record.risk == {"s": {"pooled": 0.25, "coral": 0.5}, "t": {"pooled": 0.75}}
    assert record.notes == ("a note", "another note")
    assert record.skipped == (Skipped("coral", "s", "why"),)
    assert (record.status, record.metric, record.greater_is_better) == ("interrupted", "log_loss", False)
    assert record.seconds >= 0
    assert record.environment["python"]
