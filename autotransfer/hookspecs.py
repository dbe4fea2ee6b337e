"""The whole extension surface. A plugin implements any of these in the module that its entry point names.

Every hook returns values. An implementation may take fewer arguments than its specification.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from autotransfer.commands import Command
    from autotransfer.encoder import Encoder
    from autotransfer.method import Method
    from autotransfer.problem import RawData, ReadOptions
    from autotransfer.relatedness import RelatednessEstimator
    from autotransfer.report import Report, Section
    from autotransfer.selector import Selector
    from autotransfer.task import Source
    from autotransfer.trial import TrialRecord
    from autotransfer.validator import Validator

GROUP = "autotransfer"
"""Entry point group, and the name of the pluggy project."""

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


@hookspec
def transfer_methods() -> Sequence[type[Method]]:
    """Method classes."""


@hookspec
def relatedness_estimators() -> Sequence[RelatednessEstimator]:
    """Estimator instances."""


@hookspec
def encoders() -> Sequence[Encoder]:
    """Encoder instances, the ones to try first in front."""


@hookspec
def validators() -> Sequence[Validator]:
    """Validator instances, the one to use by default in front."""


@hookspec(firstresult=True)
def read_dataset(uri: str, options: ReadOptions) -> RawData | None:
    """The data set that ``uri`` names, or None when its form is not this reader's."""


@hookspec(firstresult=True)
def open_source(uri: str) -> Source | None:
    """The pretrained model that ``uri`` names, or None when its form is not this zoo's."""


@hookspec
def samplers() -> Mapping[str, Callable[[int], Any]]:
    """Names and factories (seed -> optuna sampler) for ``--sampler``."""


@hookspec(firstresult=True)
def make_selector(history: Sequence[Mapping[str, Any]]) -> Selector | None:
    """A selector that has learned from past trials (rows of plain values), or None to leave it to others."""


@hookspec
def trial_finished(record: TrialRecord) -> None:
    """Called in the main process after each trial, whatever its end."""


@hookspec
def report_sections(report: Report) -> Sequence[Section]:
    """Sections to append to a report."""


@hookspec
def report_formats() -> Mapping[str, Callable[[Report], str]]:
    """Names and renderers for ``--format``."""


@hookspec
def register_commands() -> Sequence[Command]:
    """Subcommands of the command line."""
