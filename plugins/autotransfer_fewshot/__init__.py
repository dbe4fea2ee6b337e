"""Few-shot learning: new classes from a handful of rows, with a source that tells other classes apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.method import Method

hookimpl = pluggy.HookimplMarker("autotransfer")


@hookimpl
def transfer_methods() -> Sequence[type[Method]]:
    """All methods of this family, those without training first."""
    from autotransfer_fewshot.anil import Anil
    from autotransfer_fewshot.baseline_plus_plus import BaselinePlusPlus
    from autotransfer_fewshot.cosine_classifier import CosineClassifier
    from autotransfer_fewshot.maml import Maml
    from autotransfer_fewshot.matching_networks import MatchingNetworks
    from autotransfer_fewshot.nearest_centroid import NearestCentroid
    from autotransfer_fewshot.prototypical_networks import PrototypicalNetworks
    from autotransfer_fewshot.simple_shot import SimpleShot

    return (
        NearestCentroid,
        SimpleShot,
        CosineClassifier,
        PrototypicalNetworks,
        MatchingNetworks,
        BaselinePlusPlus,
        Maml,
        Anil,
    )
