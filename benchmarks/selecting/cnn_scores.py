"""Model Spider's 10 CNNs × 8 targets, with the nine transferability scores that its authors published for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from autotransfer.foresight.arms import Arms, Experience
from benchmarks.harness import Arguments, at_least
from benchmarks.kernel_parts.part import Part
from benchmarks.selecting.choosing import orders
from benchmarks.selecting.held_out import forecast, leave_target_out
from benchmarks.selecting.scores import weighted_tau
from benchmarks.selecting.static_prior import judged, prior_orders

_TAU = 0.72


def measure(arguments: Arguments) -> Part:
    """Order ten networks for a new target. The authors' LogME is at 0.676, their trained ranker at 0.800."""
    experience = read(arguments.data)
    told = forecast(leave_target_out(experience))
    rows: list[dict[str, Any]] = [
        {"table": "CNN scores", "selector": name, "weighted tau": value} for name, value in _single(experience)
    ]
    rows.append({"table": "CNN scores", "selector": "static prior", **judged(prior_orders(experience))})
    found = judged(orders(told))
    rows.append({"table": "CNN scores", "selector": "foresight", **found, "covered": told.covered})
    return Part(rows, [at_least("CNN scores: weighted tau", found["weighted tau"], _TAU)])


def read(data: Path) -> Experience:
    """Scores are standardised within each target: they are known for all its networks before any is fine-tuned."""
    folder = data / "meta_modelspider"
    scores = pd.read_csv(folder / "baseline_scores.csv").rename(columns={"Dataset": "target", "Model": "network"})
    tuned = pd.read_csv(folder / "finetune_outcomes.csv").rename(
        columns={"target_dataset": "target", "arch": "network", "finetune_score": "outcome"}
    )
    tuned = tuned[tuned["setting"] == "imagenet_single_source"][["target", "network", "outcome"]]
    table = scores.merge(tuned, on=["target", "network"], validate="one_to_one")
    names = tuple(str(name) for name in scores.columns if name not in ("target", "network"))
    grouped = table.groupby("target")
    centred = table[list(names)] - grouped[list(names)].transform("mean")
    gain = table["outcome"] - grouped["outcome"].transform("mean")
    targets = table["target"].to_numpy(dtype=object)
    arms = Arms(
        features=(centred / grouped[list(names)].transform("std")).to_numpy(dtype=np.float64),
        names=names,
        keys=table[["network"]].to_numpy(dtype=object),
        tasks=targets,
        targets=targets,
    )
    return Experience(arms, gain.to_numpy(dtype=np.float64), np.full(len(table), np.nan))


def _single(experience: Experience) -> list[tuple[str, float]]:
    """Each score alone, as its authors mean it: larger is better."""
    arms = experience.arms
    tasks = [arms.tasks == task for task in np.unique(arms.tasks)]
    return [
        (name, float(np.mean([weighted_tau(arms.features[mine, column], experience.gain[mine]) for mine in tasks])))
        for column, name in enumerate(arms.names)
    ]
