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
    from autotransfer_multitask.equal_weights import EqualWeights
    from autotransfer_multitask.single_task import SingleTask

    return (SingleTask, EqualWeights)
