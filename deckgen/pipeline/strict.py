"""Decide which problems stop a build."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from deckgen.problems import DeckError, Problem, Severity


def stop_at_errors(problems: Sequence[Problem], strict: bool) -> None:
    """Check the problems. Raises DeckError with all of them if one is an error, or with `strict` a warning."""
    if strict:
        problems = warnings_as_errors(problems)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise DeckError(problems)


def warnings_as_errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems with errors in place of warnings, for `--strict`."""
    return [replace(p, severity=Severity.ERROR) if p.severity is Severity.WARNING else p for p in problems]
