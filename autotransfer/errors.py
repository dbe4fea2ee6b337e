"""Every error a user can meet. One line each: the culprit, the rule that it broke, and the fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autotransfer.run import Run


class AutoTransferError(Exception):
    """Base of all errors that carry a message for the user (exit code 2 on the command line)."""


class InputError(AutoTransferError):
    """A file, a column, an option or a data set is unusable as given."""


class MissingDependencyError(AutoTransferError):
    """An optional package is needed; the message holds the pip line to run."""

    def __init__(self, who: str, package: str, extra: str) -> None:
        super().__init__(f"{who} needs the package {package}: run  pip install 'autotransfer[{extra}]'")


class PluginError(AutoTransferError):
    """A plugin breaks the contract; the message names the plugin, the rule and the fix."""


class InterruptedRunError(AutoTransferError):
    """A run was ended before its time (exit code 3 on the command line).

    :param run: the best so far, saved; None when nothing had finished.
    """

    def __init__(self, message: str, run: Run | None = None) -> None:
        super().__init__(message)
        self.run = run


class PrunedError(Exception):
    """Raised by ``Context.report`` inside a method when its trial is hopeless. Methods let it pass."""


class OutOfTimeError(Exception):
    """Raised by ``Context.check_time`` inside a method when its seconds are spent. Methods let it pass."""


class TrainingError(Exception):
    """Raised inside a method whose training went wrong: it diverged or collapsed, and its model is of no use. The trial
    fails with the message."""
