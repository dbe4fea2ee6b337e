"""Learners: small models that transfer methods train on the features they prepared."""

from autotransfer.learners.any_learner import AnyLearner, suggest_learner
from autotransfer.learners.features_predictor import FeaturesPredictor
from autotransfer.learners.learner import Learner
from autotransfer.learners.learner_predictor import LearnerPredictor
from autotransfer.learners.linear import Linear
from autotransfer.learners.mlp import Mlp
from autotransfer.learners.neighbors import Neighbors
from autotransfer.learners.source_side import SourceSide
from autotransfer.learners.trees import Trees

__all__ = [
    "AnyLearner",
    "FeaturesPredictor",
    "Learner",
    "LearnerPredictor",
    "Linear",
    "Mlp",
    "Neighbors",
    "SourceSide",
    "Trees",
    "suggest_learner",
]
