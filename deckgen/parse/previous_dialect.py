"""A file that would be read as another dialect than at the last build keeps its dialect, or the author is asked.

Whoever deletes one of three bold questions leaves too few to recognise the dialect by, and the other two must not be lost with it.
"""

from collections.abc import Sequence

from deckgen.parse.detect import Detected
from deckgen.parse.dialects import BY_NAME, Dialect
from deckgen.parse.document import Document
from deckgen.parse.question import RawNote
from deckgen.problems import Problem, Severity


def keep_previous_dialect(
    document: Document, found: Dialect | Problem, name: str, ranked: Sequence[Detected]
) -> tuple[Dialect | Problem, list[Problem]]:
    """The dialect to read a file as, or why none is chosen, and what the author should know.

    `found` is what the file looks like now, `name` the dialect of the last build. That one stays while it finds as many notes as the other;
    where the other finds more, only the author knows which they mean. Where it finds none, the file was rewritten.
    Dialects that are read together find the same notes, whichever is the first: `ranked` are those that were seen.
    """
    before = BY_NAME[name]
    kept = 0 if found is before else _count(document, before)
    if not kept:
        return found, []
    together = {each.dialect.name for each in ranked if each.detection.tagged}
    if isinstance(found, Problem) or {before.name, found.name} <= together:
        return before, []
    now = _count(document, found)
    message = f"was read as {before.name} at the last build, which finds {_notes(kept)} now, and looks like {found.name}, which finds {now}"
    hint = "name the one you mean in the front matter: deckgen: {{dialect: {}}}"
    if now > kept:
        return document.problem(
            1, message, code="dialect-changed", hint=hint.format(found.name) + f" or {{dialect: {before.name}}}"
        ), []
    return before, [
        document.problem(
            1,
            f"{message}: it is read as {before.name}",
            code="dialect-changed",
            severity=Severity.WARNING,
            hint=hint.format(before.name),
        )
    ]


def _count(document: Document, dialect: Dialect) -> int:
    """How many notes a dialect finds: questions that have an answer."""
    return sum(isinstance(each, RawNote) and each.complete for each in dialect.read_notes(document))


def _notes(count: int) -> str:
    return f"{count} note{'' if count == 1 else 's'}"
