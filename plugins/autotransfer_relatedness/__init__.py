"""Estimates of how much a source may help, made before any method is trained; each takes about a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.relatedness import RelatednessEstimator

hookimpl = pluggy.HookimplMarker("autotransfer")


@hookimpl
def relatedness_estimators() -> Sequence[RelatednessEstimator]:
    """One instance of each estimator, with its default settings."""
    from autotransfer_relatedness.concept_shift import ConceptShift
    from autotransfer_relatedness.coral_distance import CoralDistance
    from autotransfer_relatedness.knn_score import KnnScore
    from autotransfer_relatedness.label_overlap import LabelOverlap
    from autotransfer_relatedness.mmd import MaximumMeanDiscrepancy
    from autotransfer_relatedness.probe_risk import ProbeRisk
    from autotransfer_relatedness.proxy_a_distance import ProxyADistance
    from autotransfer_relatedness.source_accuracy import CrossDomainScore
    from autotransfer_relatedness.transfer_probe import TransferProbe

    return [
        LabelOverlap(),
        CoralDistance(),
        MaximumMeanDiscrepancy(),
        ProxyADistance(),
        KnnScore(),
        CrossDomainScore(),
        ConceptShift(),
        TransferProbe(),
        ProbeRisk(),
    ]
