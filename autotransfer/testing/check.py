"""A named check, what came of it, and the rule for exemptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class ConformanceError(AssertionError):
    """A plugin breaks the contract; the message holds the culprit, the rule and the fix."""


class Outcome(StrEnum):
    """How a check ended. Exempt and skipped checks did not run."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    EXEMPT = "exempt"


@dataclass(frozen=True)
class Check:
    """One promise of the contract, tried on one subject.

    :param subject: what is checked, e.g. a method's name.
    :param name: which promise; ``case`` says on what, when there are several.
    :param body: raises when the promise is broken.
    :param skip: why the check does not apply; None when it does.
    :param exempt: why it may fail, in the author's words; None when it may not.
    """

    subject: str
    name: str
    body: Callable[[], None]
    case: str = ""
    skip: str | None = None
    exempt: str | None = None

    @property
    def label(self) -> str:
        """``name`` or ``name[case]``: what exemptions refer to."""
        return f"{self.name}[{self.case}]" if self.case else self.name

    def __call__(self) -> None:
        """Run it. Raises ``ConformanceError``, whatever went wrong inside."""
        if self.skip is not None or self.exempt is not None:
            return
        try:
            self.body()
        except ConformanceError as error:
            raise ConformanceError(f"{self.subject}: {self.label}: {error}") from error.__cause__
        except Exception as error:
            words = f"{type(error).__name__}: {error}{_hint(error)}"
            raise ConformanceError(f"{self.subject}: {self.label}: raised {words}") from error

    def result(self) -> CheckResult:
        """Run it and tell how it ended."""
        if self.exempt is not None:
            return CheckResult(self.subject, self.label, Outcome.EXEMPT, self.exempt)
        if self.skip is not None:
            return CheckResult(self.subject, self.label, Outcome.SKIPPED, self.skip)
        try:
            self()
        except ConformanceError as error:
            return CheckResult(self.subject, self.label, Outcome.FAILED, str(error))
        return CheckResult(self.subject, self.label, Outcome.PASSED)


@dataclass(frozen=True)
class CheckResult:
    """How one check ended; ``detail`` is the failure's message or the reason why it did not run."""

    subject: str
    check: str
    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True)
class CheckReport:
    """All results for a target of ``autotransfer plugins check``."""

    target: str
    results: tuple[CheckResult, ...]

    @property
    def passed(self) -> bool:
        """True when something was checked and nothing failed."""
        return bool(self.results) and not self.failures

    @property
    def failures(self) -> tuple[CheckResult, ...]:
        """What failed, in order."""
        return tuple(result for result in self.results if result.outcome is Outcome.FAILED)


def require(holds: object, message: str) -> None:
    """Raise ``ConformanceError`` unless ``holds``."""
    if not holds:
        raise ConformanceError(message)


def with_exemptions(checks: Iterable[Check], exempt: Mapping[str, str]) -> Iterator[Check]:
    """The checks, the exempt ones marked. Names are ``name`` or ``name[case]``; each needs a written reason.

    Raises ``ValueError`` for a name that no check has and for an empty reason.
    """
    found = list(checks)
    known = {key for check in found for key in (check.name, check.label)}
    for name, reason in exempt.items():
        if name not in known:
            raise ValueError(f"no check is called {name!r}: exempt one of {', '.join(sorted(known))}")
        if not reason.strip():
            raise ValueError(f"the exemption of {name!r} has no reason: write why the promise cannot hold")
    for check in found:
        yield replace(check, exempt=exempt.get(check.label, exempt.get(check.name)))


def _hint(error: Exception) -> str:
    if "read-only" in str(error) or "not writeable" in str(error) or "not writable" in str(error):
        return " (the rows given are read-only, features on disk are too: copy before writing, X = X.copy())"
    return ""
