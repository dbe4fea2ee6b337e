"""BBSE: the target's class shares from a confusion matrix."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.domains import gather
from autotransfer_adaptation.label_shift import Outputs, cross_fitted, plausibility
from autotransfer_adaptation.label_shift_method import LabelShiftMethod
from autotransfer_adaptation.predictor import AdaptedPredictor
from autotransfer_adaptation.weighted_fit import fit_weighted
from autotransfer_adaptation.weights import clip_and_normalize


@final
@dataclass(frozen=True)
class Bbse(LabelShiftMethod):
    """Lipton, Wang and Smola, Detecting and Correcting for Label Shift with Black Box Predictors, ICML 2018
    (arXiv:1802.03916).

    With the confusion matrix C_ij = P(predicted i, class j) on source rows and q_i = P(predicted i) on target rows,
    class ratios solve C w = q (least squares, negative ones set to 0), and the learner is trained on source rows that
    weigh the ratio of their class. Predictions are those of models that were not trained on the row.

    Label shift is first put to a test: outputs of reweighted source rows and of target rows are compared. When their
    difference is too large for it, all source rows count the same, and the diagnostics say so.

    :param learner: trained on the rows of both domains. :param scaling: see ``autotransfer.scaling``.
    :param clip: the largest weight, as a multiple of the mean weight, > 1.
    :param significance: in [0, 1), the method stands back below this p-value of label shift; 0: never.
    :param target_weight: total weight of labelled target rows, relative to the source's.

    The predictor's diagnostics hold the effective sample size of the source rows, their largest weight, the p-value
    ``label_shift_p_value`` and ``stood_back``, 0 or 1.
    """

    name: ClassVar[str] = "label_shift_bbse"
    reference: ClassVar[str] = "Lipton, Wang and Smola, ICML 2018, arXiv:1802.03916"
    predictor: ClassVar[type[AdaptedPredictor]] = AdaptedPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> AdaptedPredictor:
        """Estimate ratios, test, train. Without unlabelled target rows all source rows count the same."""
        domains = gather(task, source, self.scaling)
        weights, p_value, stands_back = np.ones(len(domains.S)), 1.0, False
        if len(domains.T) > domains.n_labeled and len(domains.S) >= 2:
            outputs = cross_fitted(self.learner, domains, ctx)
            ratios = class_ratios(outputs)
            p_value = plausibility(outputs, ratios)
            stands_back = p_value < self.significance
            if not stands_back:
                weights = clip_and_normalize(ratios[domains.source_y], self.clip)
        fitted = fit_weighted(self.learner, domains, weights, self.target_weight, ctx)
        figures = {"label_shift_p_value": p_value, "stood_back": float(stands_back)}
        return replace(fitted, diagnostics=fitted.diagnostics | figures)


def class_ratios(outputs: Outputs) -> Array:
    """P_target(c) / P_source(c), (c,), not negative; 0 for classes that the source lacks."""
    n_classes = outputs.source.shape[1]
    confusion = np.zeros((n_classes, n_classes))
    np.add.at(confusion, (outputs.source.argmax(axis=1), outputs.source_y), 1.0 / len(outputs.source_y))
    found = np.bincount(outputs.target.argmax(axis=1), minlength=n_classes) / len(outputs.target)
    ratios, *_ = np.linalg.lstsq(confusion, found, rcond=1e-3)
    return np.asarray(np.maximum(ratios, 0.0))
