"""The built-in learners together: their union, and one to be searched."""

from __future__ import annotations

from typing import TypeAlias

from autotransfer.learners.linear import Linear
from autotransfer.learners.mlp import Mlp
from autotransfer.learners.neighbors import Neighbors
from autotransfer.learners.trees import Trees
from autotransfer.method import Suggest

AnyLearner: TypeAlias = Linear | Neighbors | Trees | Mlp
"""Annotate a method's field with this, and ``config.from_json`` finds the learner by its ``kind``."""


def suggest_learner(suggest: Suggest, name: str = "learner") -> AnyLearner:
    """A learner whose kind is asked as ``name`` and whose fields as ``name.field``."""
    learners = {learner.kind: learner for learner in (Linear, Neighbors, Trees, Mlp)}
    return learners[suggest.suggest_categorical(name, tuple(learners))].suggest(suggest, name)
