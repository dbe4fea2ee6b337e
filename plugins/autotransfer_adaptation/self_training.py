"""Self-training: the model's surest predictions on target rows become labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.learners import AnyLearner, LearnerPredictor, Linear, suggest_learner
from autotransfer.method import Method, Suggest
from autotransfer.scaling import SCALINGS
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.domains import Domains, gather, pooled_weights, train
from autotransfer_adaptation.predictor import AdaptedPredictor


@final
@dataclass(frozen=True)
class SelfTraining(Method):
    """Zou, Yu, Kumar and Wang, Unsupervised Domain Adaptation via Class-Balanced Self-Training, ECCV 2018
    (arXiv:1810.07911), the idea going back to Yarowsky, ACL 1995.

    A model of source and labelled target rows predicts the unlabelled target rows. In round r of R the share
    r / R * ``final_share`` of the rows given to each class, the surest of them, take that class as their label,
    unless their probability is below ``confidence``; then the model is trained anew. Labels are given again in each
    round.

    :param learner: trained on the rows of both domains. :param scaling: see ``autotransfer.scaling``.
    :param rounds: R, at least 1. :param final_share: in (0, 1]. :param confidence: in [0, 1).
    :param pseudo_weight: total weight of the newly labelled rows, relative to all others.
    :param target_weight: total weight of labelled target rows, relative to the source's.

    The predictor's diagnostics hold the share of unlabelled rows that took a label in the last round.
    """

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"
    rounds: int = 3
    final_share: float = 0.6
    confidence: float = 0.5
    pseudo_weight: float = 1.0
    target_weight: float = 1.0

    name: ClassVar[str] = "self_training"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.TARGET_UNLABELED
    uses: ClassVar[Asset] = Asset.TARGET_LABELS
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Zou et al., ECCV 2018, arXiv:1810.07911"
    predictor: ClassVar[type[AdaptedPredictor]] = AdaptedPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> AdaptedPredictor:
        """Train, label, train again. Reports validation accuracy after each round where there are validation rows."""
        domains = gather(task, source, self.scaling)
        labeled, unlabeled = domains.T[: domains.n_labeled], domains.T[domains.n_labeled :]
        weights = pooled_weights(np.ones(len(domains.S)), domains.n_labeled, self.target_weight)
        learner = train(self.learner, domains, domains.S, labeled, weights, ctx)
        share = 0.0
        for step in range(1, self.rounds + 1 if len(unlabeled) else 1):
            probabilities = learner.predict_features(unlabeled)
            chosen = surest(probabilities, self.final_share * step / self.rounds, self.confidence)
            share = len(chosen) / len(unlabeled)
            learner = self._retrain(domains, weights, chosen, probabilities[chosen].argmax(axis=1), ctx)
            _report(AdaptedPredictor(domains.scaler, None, None, learner), task, step, ctx)
        return AdaptedPredictor(domains.scaler, None, None, learner, {"pseudo_labeled_share": share})

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            learner=suggest_learner(suggest),
            scaling=suggest.suggest_categorical("scaling", SCALINGS),
            rounds=suggest.suggest_int("rounds", 1, 5),
            final_share=suggest.suggest_float("final_share", 0.1, 1.0),
            confidence=suggest.suggest_float("confidence", 0.0, 0.95),
            pseudo_weight=suggest.suggest_float("pseudo_weight", 0.1, 10.0, log=True),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )

    def _retrain(
        self, domains: Domains, weights: Array, chosen: Array, labels: Array, ctx: Context
    ) -> LearnerPredictor:
        ctx.check_time()
        X = np.concatenate([domains.S, domains.T[: domains.n_labeled], domains.T[domains.n_labeled + chosen]])
        y = np.concatenate([domains.source_y, domains.target_y, labels])
        pooled = pooled_weights(weights, len(chosen), self.pseudo_weight)
        return self.learner.fit(X, y, n_classes=domains.n_classes, weights=pooled / pooled.mean(), seed=ctx.seed)


def surest(probabilities: Array, share: float, confidence: float) -> Array:
    """Positions of the surest ``share`` (rounded up) of the rows of each predicted class, none below ``confidence``.

    :param probabilities: (n, n_classes). :returns: ascending positions.
    """
    predicted, surety = probabilities.argmax(axis=1), probabilities.max(axis=1)
    chosen = []
    for label in np.unique(predicted):
        rows = np.flatnonzero(predicted == label)
        best = rows[np.argsort(-surety[rows], kind="stable")][: int(np.ceil(share * len(rows)))]
        chosen.append(best[surety[best] >= confidence])
    return np.sort(np.concatenate(chosen))


def _report(predictor: AdaptedPredictor, task: Task, step: int, ctx: Context) -> None:
    if task.validation is not None and len(task.validation):
        hits = predictor.predict(task.validation).argmax(axis=1) == task.validation.labels
        ctx.report(step, float(hits.mean()))
