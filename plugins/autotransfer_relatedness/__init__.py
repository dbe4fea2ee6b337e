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
    return [*_probes(), *_of_rows(), *_of_labeled_rows(), *_of_encoders(), *_of_heads()]


def _probes() -> list[RelatednessEstimator]:
    """What the selector reads."""
    from autotransfer_relatedness.probe_risk import ProbeRisk
    from autotransfer_relatedness.transfer_probe import TransferProbe

    return [TransferProbe(), ProbeRisk()]


def _of_rows() -> list[RelatednessEstimator]:
    """Sources of rows: what can be said without the target's labels."""
    from autotransfer_relatedness.coral_distance import CoralDistance
    from autotransfer_relatedness.label_overlap import LabelOverlap
    from autotransfer_relatedness.mmd import MaximumMeanDiscrepancy
    from autotransfer_relatedness.mmd_test import MmdTest
    from autotransfer_relatedness.proxy_a_distance import ProxyADistance
    from autotransfer_relatedness.source_size import SourceSize

    return [SourceSize(), LabelOverlap(), CoralDistance(), MaximumMeanDiscrepancy(), MmdTest(), ProxyADistance()]


def _of_labeled_rows() -> list[RelatednessEstimator]:
    """Sources of labelled rows, beside labelled rows of the target."""
    from autotransfer_relatedness.class_mmd import ClassConditionalMmd
    from autotransfer_relatedness.concept_shift import ConceptShift
    from autotransfer_relatedness.cross_learning import CrossLearningScore
    from autotransfer_relatedness.gradient_alignment import GradientAlignment
    from autotransfer_relatedness.knn_score import KnnScore
    from autotransfer_relatedness.sliced_otdd import SlicedDatasetDistance
    from autotransfer_relatedness.source_accuracy import CrossDomainScore
    from autotransfer_relatedness.task_embedding import TaskEmbeddingSimilarity

    return [
        ClassConditionalMmd(),
        SlicedDatasetDistance(),
        KnnScore(),
        CrossDomainScore(),
        CrossLearningScore(),
        ConceptShift(),
        GradientAlignment(),
        TaskEmbeddingSimilarity(),
    ]


def _of_encoders() -> list[RelatednessEstimator]:
    """Sources that bring an encoder: the target's labelled rows in its features."""
    from autotransfer_relatedness.gbc import GaussianBhattacharyya
    from autotransfer_relatedness.h_score import ShrunkHScore
    from autotransfer_relatedness.knn_leave_one_out import KnnLeaveOneOut
    from autotransfer_relatedness.linear_probe_cv import LinearProbeScore
    from autotransfer_relatedness.logme import LogMaximumEvidence
    from autotransfer_relatedness.n_leep import NormalizedLeep
    from autotransfer_relatedness.parc import PairwiseAnnotationCorrelation
    from autotransfer_relatedness.transrate import TransRate

    return [
        KnnLeaveOneOut(),
        LinearProbeScore(),
        LogMaximumEvidence(),
        ShrunkHScore(),
        NormalizedLeep(),
        PairwiseAnnotationCorrelation(),
        GaussianBhattacharyya(),
        TransRate(),
    ]


def _of_heads() -> list[RelatednessEstimator]:
    """Source models with a head: the target's labels beside what it predicts."""
    from autotransfer_relatedness.leep import LogExpectedPrediction
    from autotransfer_relatedness.nce import NegativeConditionalEntropy

    return [LogExpectedPrediction(), NegativeConditionalEntropy()]
