"""Which dialect a file is written in: each dialect says what it sees, the strongest is taken, and a tie is an error."""

from collections.abc import Iterator

from msgspec import Struct

from deckgen.parse.dialect import Detection, Dialect
from deckgen.parse.dialects import BY_NAME, DIALECTS
from deckgen.parse.document import Document
from deckgen.parse.nothing_found import advice
from deckgen.problems import Problem, Severity


class Detected(Struct, frozen=True):
    """The name of a dialect, and what of a document is written in it."""

    name: str
    detection: Detection

    @property
    def dialect(self) -> Dialect:
        """The dialect."""
        return BY_NAME[self.name]

    @property
    def usable(self) -> bool:
        """Whether the file may be read as the dialect without being told so."""
        return self.detection.enough and (self.detection.opted or not self.dialect.named_only)

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """What the dialects of a file are compared by."""
        return self.usable, not self.detection.weak, self.detection.strength

    @property
    def shortfall(self) -> str:
        """Why the file is not read as the dialect, "" where it may be."""
        if self.detection.lacks or not self.dialect.named_only:
            return self.detection.lacks
        return "it is only read where it is named"


def detections(document: Document) -> tuple[Detected, ...]:
    """The dialects that see something of theirs in a document, the best first: those that may be used, then by strength."""
    source = "\n" + document.source
    found = (Detected(dialect.name, dialect.detect(document)) for dialect in DIALECTS if dialect.has_sign(source))
    return tuple(sorted((each for each in found if each.detection.strength), key=lambda each: each.rank, reverse=True))


def choose(document: Document, named: str | None, ranked: tuple[Detected, ...]) -> Dialect | Problem:
    """The dialect to read a document as: the one that is named, else the best of `ranked`, else why there is none.

    Of dialects that are read together any may be the first.
    """
    if named:
        return BY_NAME[named]
    usable = [each for each in ranked if each.usable]
    if not usable:
        return _nothing_found(document, ranked)
    first, *others = usable
    tied = [each for each in others if each.rank == first.rank]
    together = all(each.detection.tagged for each in (first, *tied))
    return _tie(document, [first, *tied]) if tied and not together else first.dialect


def weakness(document: Document, dialect: Dialect, ranked: tuple[Detected, ...]) -> Iterator[Problem]:
    """What the author should know where only numbers speak for a dialect."""
    for each in ranked:
        if each.dialect is dialect and each.detection.weak and not each.detection.opted:
            yield document.problem(
                1,
                f"read as {dialect.name} because of {each.detection.reason}",
                code="dialect-weak",
                severity=Severity.INFO,
                hint="if these are no questions, leave the file out: deckgen: {skip: true}",
            )


def _nothing_found(document: Document, ranked: tuple[Detected, ...]) -> Problem:
    return document.problem(
        1, "no questions found", code="dialect-none", severity=Severity.WARNING, hint=advice(document, ranked)
    )


def _tie(document: Document, tied: list[Detected]) -> Problem:
    *others, last = [each.name for each in tied]
    names = f"{', '.join(others)} and {last}"
    lines = " or ".join(f"deckgen: {{dialect: {each.name}}}" for each in tied)
    return document.problem(
        1,
        f"the dialects {names} fit equally well",
        code="dialect-tie",
        hint=f"name one in the front matter: {lines}; or in deck.toml",
    )
