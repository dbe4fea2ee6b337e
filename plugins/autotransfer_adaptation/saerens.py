"""Outputs of a classifier adjusted to the target's class shares, which expectation maximisation finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.domains import Domains, gather, pooled_weights, train
from autotransfer_adaptation.label_shift import Outputs, cross_fitted, plausibility
from autotransfer_adaptation.label_shift_method import LabelShiftMethod
from autotransfer_adaptation.mixture import mixture_proportions
from autotransfer_adaptation.prior_predictor import PriorPredictor
from autotransfer_adaptation.weights import effective_sample_size


@final
@dataclass(frozen=True)
class LabelShiftEm(LabelShiftMethod):
    """Saerens, Latinne and Decaestecker, Adjusting the Outputs of a Classifier to New a Priori Probabilities, Neural
    Computation 2002 (https://doi.org/10.1162/089976602753284446).

    Class shares p of the target maximise the likelihood of its rows, sum_j log sum_c p_c P(c | x_j) / P_source(c), with
    probabilities of models that were not trained on source rows of the same fold; labelled target rows count with
    their class. Predictions are the learner's probabilities times p_c / P_source(c), scaled to sum 1.

    Label shift is first put to a test: outputs of reweighted source rows and of target rows are compared. When their
    difference is too large for it, outputs are left as they are, and the diagnostics say so.

    :param learner: trained on the rows of both domains. :param scaling: see ``autotransfer.scaling``.
    :param clip: ratios of class shares are kept within [1 / clip, clip], > 1.
    :param significance: in [0, 1), the method stands back below this p-value of label shift; 0: never.
    :param target_weight: total weight of labelled target rows, relative to the source's.

    The predictor's diagnostics hold the p-value ``label_shift_p_value``, ``stood_back`` (0 or 1) and
    ``effective_sample_size``, what source rows weighted by the ratio of their class would be worth.
    """

    name: ClassVar[str] = "label_shift_em"
    reference: ClassVar[str] = "Saerens et al., Neural Computation 2002, doi:10.1162/089976602753284446"
    predictor: ClassVar[type[PriorPredictor]] = PriorPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> PriorPredictor:
        """Train, find the shares, test. Without unlabelled target rows outputs stay as they are."""
        domains = gather(task, source, self.scaling)
        weights = pooled_weights(np.ones(len(domains.S)), domains.n_labeled, self.target_weight)
        learner = train(self.learner, domains, domains.S, domains.T[: domains.n_labeled], weights, ctx)
        ratios, p_value, stands_back = np.ones(domains.n_classes), 1.0, False
        if len(domains.T) > domains.n_labeled and len(domains.S) >= 2:
            outputs = cross_fitted(self.learner, domains, ctx)
            found = np.clip(share_ratios(outputs, domains), 1.0 / self.clip, self.clip)
            p_value = plausibility(outputs, found)
            stands_back = p_value < self.significance
            ratios = ratios if stands_back else found * _moved(domains, weights)
        figures = {
            "label_shift_p_value": p_value,
            "stood_back": float(stands_back),
            "effective_sample_size": effective_sample_size(ratios[domains.source_y]),
        }
        return PriorPredictor(domains.scaler, learner, ratios, figures)


def share_ratios(outputs: Outputs, domains: Domains) -> Array:
    """P_target(c) / P_source(c), (c,); 1 for classes that the source lacks."""
    shares = np.bincount(outputs.source_y, minlength=outputs.source.shape[1]) / len(outputs.source_y)
    present = np.where(shares > 0, shares, 1.0)
    rows = np.concatenate([np.eye(len(shares))[domains.target_y], outputs.target])
    found = mixture_proportions(np.where(shares > 0, rows / present, 0.0), shares)
    return np.where(shares > 0, found / present, 1.0)


def _moved(domains: Domains, weights: Array) -> Array:
    """P_source(c) over the shares that the learner saw, (c,): labelled target rows among its rows changed them."""
    y = np.concatenate([domains.source_y, domains.target_y])
    seen = np.bincount(y, weights, minlength=domains.n_classes) / weights.sum()
    alone = np.bincount(domains.source_y, minlength=domains.n_classes) / len(domains.source_y)
    return np.where((seen > 0) & (alone > 0), alone / np.where(seen > 0, seen, 1.0), 1.0)
