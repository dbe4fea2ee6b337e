"""Baselines: the target alone, the source alone, and the classic ways to use both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.method import Method

hookimpl = pluggy.HookimplMarker("autotransfer")


@hookimpl
def transfer_methods() -> Sequence[type[Method]]:
    """All methods of this family."""
    from autotransfer_baselines.feature_augmentation import FeatureAugmentation
    from autotransfer_baselines.interpolation import Interpolation
    from autotransfer_baselines.linear_probe import LinearProbe
    from autotransfer_baselines.no_transfer import NoTransfer
    from autotransfer_baselines.pooled import Pooled
    from autotransfer_baselines.prior_linear import PriorLinear
    from autotransfer_baselines.source_only import SourceOnly
    from autotransfer_baselines.stacking import Stacking
    from autotransfer_baselines.weighted_pooling import WeightedPooling

    return (
        NoTransfer,
        Pooled,
        WeightedPooling,
        SourceOnly,
        Interpolation,
        PriorLinear,
        FeatureAugmentation,
        Stacking,
        LinearProbe,
    )
