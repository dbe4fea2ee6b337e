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
    from autotransfer_finetuning.fine_tuning import FineTuning

    return [FineTuning]
