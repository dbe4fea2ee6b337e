"""Studies: trials survive in the storage, numbers never collide, and a resumed session goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import optuna
import pytest

from autotransfer.assets import Asset
from autotransfer.errors import InputError
from autotransfer.method import Method
from autotransfer.search import Study, sampler_maker, sqlite_url, without_password
from autotransfer.space import Space
from autotransfer.trial import Arm, Status, TrialRecord


class Fake(Method):
    """Never fitted here."""

    reference: ClassVar[str] = "none"

    def fit(self, task, source, ctx):
        raise AssertionError("no method is fitted in these tests")

    @classmethod
    def suggest(cls, suggest):
        return cls(suggest.suggest_float("x", 0.0, 1.0), suggest.suggest_int("depth", 1, 9, log=True))


@dataclass(frozen=True)
class Alone(Fake):
    name: ClassVar[str] = "alone"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS
    x: float = 0.5
    depth: int = 3


@dataclass(frozen=True)
class Helped(Fake):
    name: ClassVar[str] = "helped"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS
    x: float = 0.5
    depth: int = 3


METHODS = {"alone": Alone, "helped": Helped}


def space_of(*sources: str, methods=("alone", "helped")) -> Space:
    arms = [Arm("alone")] * ("alone" in methods) + [Arm("helped", s) for s in sources if "helped" in methods]
    return Space(tuple(arms), METHODS, dict.fromkeys(arms, ("e",)))


SPACE = space_of("s", "t")


def study(url: str | None = None, space: Space = SPACE, sampler: str = "random", seed: int = 0) -> Study:
    return Study(space, sampler_maker(sampler, seed, {}), url, "name")


def end(study: Study, proposal, status: Status = Status.COMPLETE, score: float | None = 0.5, steps=None) -> TrialRecord:
    score = score if status is Status.COMPLETE else None
    record = TrialRecord(proposal.number, proposal.candidate.choice(), status, score, None, 0.25, None, (0.5, 0.75))
    study.tell(proposal, record, steps or {})
    return record


@pytest.fixture
def url(tmp_path) -> str:
    return sqlite_url(tmp_path / "study.db")


def stored(url: str) -> list[optuna.trial.FrozenTrial]:
    storage = optuna.storages.RDBStorage(url)
    trials = optuna.load_study(storage=storage, study_name="name").get_trials()
    storage.engine.dispose()
    return trials


NAMES = {"complete": "COMPLETE", "refused": "PRUNED", "pruned": "PRUNED", "failed": "FAIL"}


@pytest.mark.parametrize("status", list(Status))
def test_a_trial_survives_whole(url, status):
    """What is told comes back equal in another session; optuna's own tools see method, state, value and steps."""
    first = study(url)
    record = end(first, first.ask(method="helped"), status, steps={0: 0.25, 1: 0.75})
    first.flush()
    assert study(url).records() == first.records() == [record]
    (trial,) = stored(url)
    assert trial.state.name == NAMES[status]
    assert trial.params["method"] == "helped"
    assert trial.params["helped/x"] == record.choice.params["x"]
    assert trial.intermediate_values == {0: 0.25, 1: 0.75}
    if status is Status.COMPLETE:
        assert trial.value == 0.5


def test_each_trial_is_stored_before_the_next_is_told(url):
    first = study(url)
    for count in range(4):
        assert len(stored(url)) >= count - 1
        end(first, first.ask())
    first.flush()
    assert len(stored(url)) == 4


def test_numbers_never_collide_whatever_is_forgotten(url):
    """Proposals are numbered in the order of asking, over sessions; a forgotten one leaves a gap or nothing."""
    used: list[int] = []
    for session in range(3):
        current = study(url, seed=session)
        assert [record.number for record in current.records()] == sorted(used)
        proposals = [current.ask() for _ in range(5)]
        numbers = [proposal.number for proposal in proposals]
        assert len(set(numbers)) == 5
        assert not set(numbers) & set(used)
        current.forget(proposals[1])
        for proposal in proposals[:1] + proposals[:1:-1]:  # trials end in any order
            used.append(end(current, proposal).number)
        current.forget(current.ask())
        current.flush()
    assert len(stored(url)) == len(used) == 12
    assert [record.number for record in study(url).records()] == sorted(used)


def test_a_default_is_asked_as_it_is():
    for arm in SPACE.arms:
        proposal = study().ask(default=SPACE.default(arm, "e"))
        assert proposal.candidate == SPACE.default(arm, "e")
        assert proposal.default


def test_a_method_can_be_demanded():
    current = study()
    assert all(current.ask(method=name).candidate.arm.method == name for name in ["alone", "helped"] * 5)
    assert not current.ask(method="alone").default


@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_equal_seeds_give_equal_proposals(sampler):
    def proposals(seed: int) -> list[object]:
        current = study(sampler=sampler, seed=seed)
        found = []
        for index in range(15):
            proposal = current.ask()
            found.append(proposal.candidate)
            end(current, proposal, score=float(np.sin(index)))
        return found

    assert proposals(1) == proposals(1)
    assert proposals(1) != proposals(2)


def test_a_resumed_session_learns_from_the_trials_of_the_first(url):
    """TPE has seen that x near 1 is good: what it proposes in the next session is above the middle."""
    first = study(url, methods_only_alone(), "tpe")
    for _ in range(40):
        proposal = first.ask()
        end(first, proposal, score=proposal.candidate.method.x)
    first.flush()
    again = study(url, methods_only_alone(), "tpe", seed=7)
    proposed = [end(again, p := again.ask(), score=p.candidate.method.x).choice.params["x"] for _ in range(15)]
    assert np.mean(proposed) > 0.7


def methods_only_alone() -> Space:
    return space_of(methods=("alone",))


def test_a_space_that_has_changed_keeps_the_trials(url):
    """Other sources or methods than before: all records stay, new ones are stored, and nothing fails."""
    first = study(url)
    before = [end(first, first.ask()) for _ in range(6)]
    first.flush()
    for space in (methods_only_alone(), space_of("t", "u"), SPACE):
        current = study(url, space)
        assert current.records()[: len(before)] == before
        before.append(end(current, current.ask(method=space.names()[-1])))
        current.flush()
    assert study(url).records() == before


def test_pruning_waits_for_ten_trials_and_never_looks_at_the_first_step():
    """The threshold at a step is the lower quartile of complete trials of the given methods."""
    current = study()
    scores = np.random.default_rng(0).normal(size=12)
    for index, score in enumerate(scores):
        assert (current.thresholds({"alone"}) == {}) == (index < 10)
        end(current, current.ask(method="alone"), steps={0: 0.0, 1: score, 2: score + 1})
        end(current, current.ask(method="alone"), Status.PRUNED, steps={1: -100.0})
        end(current, current.ask(method="helped"), steps={1: 100.0})
    found = current.thresholds({"alone"})
    assert found == pytest.approx({1: np.percentile(scores, 25), 2: np.percentile(scores, 25) + 1})
    assert current.thresholds({"alone", "helped"})[1] > found[1]
    assert current.thresholds(()) == {}


def test_samplers_of_plugins_and_unknown_ones():
    made = []

    def factory(seed: int) -> optuna.samplers.BaseSampler:
        made.append(seed)
        return optuna.samplers.RandomSampler(seed=seed)

    Study(SPACE, sampler_maker("mine", 0, {"mine": factory}), None, "name")
    assert len(made) == len(set(made)) == 3  # one for the methods, one for each method, each with its own seed
    with pytest.raises(InputError, match="--sampler other: there are mine, random, tpe"):
        sampler_maker("other", 0, {"mine": factory})


@pytest.mark.parametrize(
    "bad",
    [
        "nonsense",
        "sqlite:////no/such/folder/study.db",
        "unknown://user:secret@host/db",
        "postgresql+psycopg://user:secret@127.0.0.1:1/db?connect_timeout=5",
        "postgresql+psycopg://user:secret@/db?host=/no/such/socket",
    ],
)
def test_a_storage_that_cannot_be_opened_is_one_line_without_the_password(bad):
    with pytest.raises(InputError, match="--storage") as caught:
        study(bad)
    line = str(caught.value)
    assert len(line.splitlines()) == 1
    assert "secret" not in line


def test_passwords_are_hidden():
    assert without_password("postgresql://me:secret@host/db") == "postgresql://me:***@host/db"
    assert "secret" not in without_password("secret")
