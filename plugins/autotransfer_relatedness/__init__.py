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
    from autotransfer_relatedness.class_mmd import ClassConditionalMmd
    from autotransfer_relatedness.concept_shift import ConceptShift
    from autotransfer_relatedness.coral_distance import CoralDistance
    from autotransfer_relatedness.cross_learning import CrossLearningScore
    from autotransfer_relatedness.gbc import GaussianBhattacharyya
    from autotransfer_relatedness.gradient_alignment import GradientAlignment
    from autotransfer_relatedness.h_score import ShrunkHScore
    from autotransfer_relatedness.knn_leave_one_out import KnnLeaveOneOut
    from autotransfer_relatedness.knn_score import KnnScore
    from autotransfer_relatedness.label_overlap import LabelOverlap
    from autotransfer_relatedness.leep import LogExpectedPrediction
    from autotransfer_relatedness.linear_probe_cv import LinearProbeScore
    from autotransfer_relatedness.logme import LogMaximumEvidence
    from autotransfer_relatedness.mmd import MaximumMeanDiscrepancy
    from autotransfer_relatedness.n_leep import NormalizedLeep
    from autotransfer_relatedness.nce import NegativeConditionalEntropy
    from autotransfer_relatedness.parc import PairwiseAnnotationCorrelation
    from autotransfer_relatedness.probe_risk import ProbeRisk
    from autotransfer_relatedness.proxy_a_distance import ProxyADistance
    from autotransfer_relatedness.sliced_otdd import SlicedDatasetDistance
    from autotransfer_relatedness.source_accuracy import CrossDomainScore
    from autotransfer_relatedness.source_size import SourceSize
    from autotransfer_relatedness.task_embedding import TaskEmbeddingSimilarity
    from autotransfer_relatedness.transfer_probe import TransferProbe
    from autotransfer_relatedness.transrate import TransRate

    return [
        TransferProbe(),
        ProbeRisk(),
        SourceSize(),
        LabelOverlap(),
        CoralDistance(),
        MaximumMeanDiscrepancy(),
        ClassConditionalMmd(),
        ProxyADistance(),
        SlicedDatasetDistance(),
        KnnScore(),
        CrossDomainScore(),
        CrossLearningScore(),
        ConceptShift(),
        GradientAlignment(),
        TaskEmbeddingSimilarity(),
        KnnLeaveOneOut(),
        LinearProbeScore(),
        LogMaximumEvidence(),
        ShrunkHScore(),
        NormalizedLeep(),
        PairwiseAnnotationCorrelation(),
        GaussianBhattacharyya(),
        TransRate(),
        LogExpectedPrediction(),
        NegativeConditionalEntropy(),
    ]
