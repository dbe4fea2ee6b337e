"""The order of trials: by worth per second, and every tenth time the other way round."""

from __future__ import annotations

import numpy as np

from autotransfer.foresight.pursuit import Pursuit
from autotransfer.pursuer import EXPLORATION, Pursuer
from autotransfer.trial import Arm, Choice, Status, TrialRecord

ARMS = tuple(Arm(f"m{number}", "s") for number in range(12))
ALONE = Arm("no_transfer")
PURSUIT = Pursuit(np.linspace(1, -1, 12), 0.1 * np.eye(12), 5.0, 0.0)
PURSUER = Pursuer(ARMS, PURSUIT, np.ones(12))


def trial(number: int, method: str, source: str | None, score: float) -> TrialRecord:
    return TrialRecord(number, Choice(method, source, "e", {}), Status.COMPLETE, score)


def test_by_worth_and_those_without_a_source_first() -> None:
    assert PURSUER.by_worth((*reversed(ARMS), ALONE), {}) == (ALONE, *ARMS)


def test_a_slow_arm_has_to_be_worth_its_seconds() -> None:
    slow = Pursuer(ARMS, PURSUIT, np.array([1e6, *np.ones(11)]))
    assert slow.by_worth(ARMS, {})[-1] == ARMS[0]


def test_trials_are_read_in_points_over_no_transfer() -> None:
    """0.75 - 0.70 is 5 points: as much as :meth:`next` is told by hand."""
    trials = [trial(0, "no_transfer", None, 0.70), trial(1, "m0", "s", 0.75)]
    waiting = ARMS[1:]
    assert PURSUER.order(waiting, trials, "accuracy") == PURSUER.next(waiting, {ARMS[0]: 5.0})


def test_every_tenth_turn_is_for_the_last() -> None:
    """After nine trials the arm with the least worth is next, before that it is the last."""
    came = dict.fromkeys(ARMS[: round(1 / EXPLORATION) - 1], 0.0)
    waiting = ARMS[9:]
    least = PURSUER.by_worth(waiting, came)[-1]
    assert PURSUER.next(waiting, came)[0] == least
    assert set(PURSUER.next(waiting, came)) == set(waiting)
    came.popitem()
    assert PURSUER.next(waiting, came) == PURSUER.by_worth(waiting, came)
