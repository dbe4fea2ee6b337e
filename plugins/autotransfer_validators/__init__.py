"""Validators: which of several fitted methods is best on a target without labels. One published validator a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autotransfer.validator import Validator

hookimpl = pluggy.HookimplMarker("autotransfer")


@hookimpl
def validators() -> Sequence[Validator]:
    """One instance of each; in front the one whose picks lost least when ``python -m benchmarks validators`` ran."""
    from autotransfer_validators.batch_nuclear_norm import BatchNuclearNorm
    from autotransfer_validators.class_ami import ClassAMI
    from autotransfer_validators.deep_embedded_validation import DeepEmbeddedValidation
    from autotransfer_validators.entropy import Entropy
    from autotransfer_validators.importance_weighted_validation import ImportanceWeightedValidation
    from autotransfer_validators.information_maximization import InformationMaximization
    from autotransfer_validators.reverse_validation import ReverseValidation
    from autotransfer_validators.soft_neighborhood_density import SoftNeighborhoodDensity
    from autotransfer_validators.source_validation import SourceValidation

    return [
        ReverseValidation(),
        SourceValidation(),
        ImportanceWeightedValidation(),
        DeepEmbeddedValidation(),
        Entropy(),
        InformationMaximization(),
        SoftNeighborhoodDensity(),
        BatchNuclearNorm(),
        ClassAMI(),
    ]
