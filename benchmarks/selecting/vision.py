"""Outcome tables of pretrained networks: an architecture, trained on a source, fine-tuned on a target."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from autotransfer.foresight.arms import Arms, Experience
from benchmarks.selecting.cards import FEATURES, card, relation

START = "imagenet"
"""Where every network starts."""


def parc(data: Path) -> pd.DataFrame:
    """Columns architecture, source, target, outcome (points): 4 × 8 × 7, no source with itself as target."""
    table = pd.read_csv(data / "meta_parc" / "oracle_controlled.csv")
    table.columns = pd.Index(["architecture", "source", "target", "outcome"])
    return _named(table)


def model_spider(data: Path) -> pd.DataFrame:
    """The same, 3 × 22 × 7; seven sources are a target too."""
    table = pd.read_csv(data / "meta_modelspider" / "finetune_outcomes.csv")
    table = table[table["setting"] == "finetuned_then_transferred"].drop(columns="setting")
    table.columns = pd.Index(["source", "architecture", "target", "outcome"])
    return _named(table)


def choices(table: pd.DataFrame) -> Experience:
    """Which network to take: gains over the target's mean outcome, from which regret does not depend."""
    gain = table["outcome"] - table.groupby("target")["outcome"].transform("mean")
    return _experience(table, gain)


def transfers(table: pd.DataFrame) -> Experience:
    """Whether a source helps: gains over the same architecture without it, for all sources but the start."""
    start = table[table["source"] == START].set_index(["architecture", "target"])["outcome"]
    table = table[table["source"] != START]
    pairs = pd.MultiIndex.from_frame(table[["architecture", "target"]])
    return _experience(table, table["outcome"] - start.loc[pairs].to_numpy())


def _named(table: pd.DataFrame) -> pd.DataFrame:
    """Each data set by the name on its card."""
    named = table.assign(**{column: [card(name).name for name in table[column]] for column in ("source", "target")})
    return named.reset_index(drop=True)


def _experience(table: pd.DataFrame, gain: pd.Series[float]) -> Experience:
    pairs = zip(table["source"], table["target"], strict=True)
    architecture, source = (table[name].to_numpy(dtype=object) for name in ("architecture", "source"))
    targets = table["target"].to_numpy(dtype=object)
    arms = Arms(
        features=np.array([relation(theirs, ours) for theirs, ours in pairs], dtype=np.float64),
        names=FEATURES,
        keys=np.column_stack([architecture, source, architecture + " × " + source]),
        tasks=targets,
        targets=targets,
    )
    return Experience(arms, gain.to_numpy(dtype=np.float64), np.full(len(table), np.nan))
