"""Multi-task learning: several tasks from the same rows or columns, trained together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.method import Method

hookimpl = pluggy.HookimplMarker("autotransfer")


@hookimpl
def transfer_methods() -> Sequence[type[Method]]:
    """All methods of this family; the first trains each task by itself, which the others have to beat."""
    from autotransfer_multitask.auxiliary_cosine import AuxiliaryCosine
    from autotransfer_multitask.cagrad import CaGrad
    from autotransfer_multitask.cross_stitch import CrossStitch
    from autotransfer_multitask.dynamic_weight_average import DynamicWeightAverage
    from autotransfer_multitask.equal_weights import EqualWeights
    from autotransfer_multitask.gradient_clusters import GradientClusters
    from autotransfer_multitask.gradnorm import GradNorm
    from autotransfer_multitask.mean_regularized import MeanRegularized
    from autotransfer_multitask.mgda import Mgda
    from autotransfer_multitask.pcgrad import PcGrad
    from autotransfer_multitask.single_task import SingleTask
    from autotransfer_multitask.trace_norm import TraceNorm
    from autotransfer_multitask.uncertainty_weighting import UncertaintyWeighting

    return (
        SingleTask,
        EqualWeights,
        MeanRegularized,
        TraceNorm,
        GradientClusters,
        CrossStitch,
        UncertaintyWeighting,
        DynamicWeightAverage,
        GradNorm,
        PcGrad,
        CaGrad,
        Mgda,
        AuxiliaryCosine,
    )
