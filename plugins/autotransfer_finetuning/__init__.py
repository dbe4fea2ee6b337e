"""Fine-tuning: a pretrained network is trained further on the labelled target rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.method import Method

hookimpl = pluggy.HookimplMarker("autotransfer")


@hookimpl
def transfer_methods() -> Sequence[type[Method]]:
    """The methods of this family; in front what the others are measured against."""
    from autotransfer_finetuning.bss import BatchSpectralShrinkage
    from autotransfer_finetuning.co_tuning import CoTuning
    from autotransfer_finetuning.delta import Delta
    from autotransfer_finetuning.fine_tuning import FineTuning
    from autotransfer_finetuning.frozen_layers import FrozenLayers
    from autotransfer_finetuning.l2_sp import L2Sp
    from autotransfer_finetuning.layerwise_decay import LayerwiseDecay
    from autotransfer_finetuning.linear_probe_fine_tuning import LinearProbeFineTuning
    from autotransfer_finetuning.mixup import Mixup
    from autotransfer_finetuning.moving_average import MovingAverage
    from autotransfer_finetuning.reinitialized_layers import ReinitializedLayers
    from autotransfer_finetuning.swa import StochasticWeightAveraging
    from autotransfer_finetuning.ulmfit import Ulmfit
    from autotransfer_finetuning.wise_ft import WiseFt

    return [
        FineTuning,
        FrozenLayers,
        Ulmfit,
        LayerwiseDecay,
        LinearProbeFineTuning,
        ReinitializedLayers,
        L2Sp,
        Delta,
        BatchSpectralShrinkage,
        CoTuning,
        Mixup,
        StochasticWeightAveraging,
        MovingAverage,
        WiseFt,
    ]
