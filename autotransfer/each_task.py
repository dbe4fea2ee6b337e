"""How each of several tasks fares on the test rows."""

from __future__ import annotations

from typing import Any

from autotransfer.conclude import Finalist
from autotransfer.entries import pairs
from autotransfer.many import scores_by_task
from autotransfer.session import Session


def score_tasks(session: Session, finalists: dict[str, Finalist]) -> tuple[dict[str, Any], ...]:
    """Of several tasks the test scores of each, of what is shipped and of the baseline; nothing without test rows."""
    problem, shipped = session.problem, finalists["shipped"].test
    if problem.test is None or not problem.tasks or shipped is None:
        return ()
    said = {"test_score": shipped}
    if "baseline" in finalists and finalists["baseline"].test is not None:
        said["baseline_test_score"] = finalists["baseline"].test
    truth = pairs(problem.test)
    scores = {
        key: scores_by_task(session.settings.metric, problem.tasks, truth, values) for key, values in said.items()
    }
    return tuple(
        {"name": task.name, "test_rows": int((truth[:, 0] == number).sum())}
        | {key: scores[key][number] if key in scores else None for key in ("test_score", "baseline_test_score")}
        for number, task in enumerate(problem.tasks)
    )
