"""Multimodal transfer: images learned from sentences about them, classes told by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.method import Method

hookimpl = pluggy.HookimplMarker("autotransfer")


@hookimpl
def transfer_methods() -> Sequence[type[Method]]:
    """All methods of this family; the first is the linear map that the others have to beat."""
    from autotransfer_multimodal.clip import Clip
    from autotransfer_multimodal.contrastive_tuning import ContrastiveTuning
    from autotransfer_multimodal.linear_map import LinearMap
    from autotransfer_multimodal.locked_image_tuning import LockedImageTuning
    from autotransfer_multimodal.projection_heads import ProjectionHeads
    from autotransfer_multimodal.qformer.method import QFormer

    return (LinearMap, ProjectionHeads, LockedImageTuning, Clip, ContrastiveTuning, QFormer)
