"""A diff as lines of text and as JSON."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from deckgen.diff.compare import Diff, FieldChange, NoteChange
from deckgen.diff.heading import deck_version
from deckgen.diff.types import TypeChange
from deckgen.diff.words import Change, WordRun, compare_words
from deckgen.lazy_patterns import lazy_pattern
from deckgen.package.contents import PackedNote
from deckgen.render import plain_text

_TITLE_LENGTH = 70  # characters
_CONTEXT_LENGTH = 24  # characters next to a change
_TITLE_SOURCE = 5000  # characters of HTML in which a title is looked for; a field may have millions
# Characters that could control a terminal.
_CONTROLS = lazy_pattern(r"[\x00-\x1f\x7f-\x9f]")


def title(note: PackedNote) -> str:
    """Return the title of a note: the beginning of its sort field, else of the first field that shows text."""
    shown = (plain_text(html[:_TITLE_SOURCE]) for html in (note.fields[note.notetype.sort_field], *note.fields))
    text = _CONTROLS.sub("", next((text for text in shown if text), note.guid))
    return text if len(text) <= _TITLE_LENGTH else text[: _TITLE_LENGTH - 1] + "…"


def counts(diff: Diff) -> str:
    """Return how many notes were added, changed, removed and so on, on one line."""
    numbers = [
        (len(diff.added), "added"),
        (len(diff.changed), "changed"),
        (len(diff.removed), "removed"),
        (len(diff.moved), "moved"),
        (diff.unchanged, "unchanged"),
    ]
    restamped = [f"{len(diff.restamped)} restamped without a change"] if diff.restamped else []
    return ", ".join([f"{number} {word}" for number, word in numbers] + restamped)


def lines(diff: Diff) -> Iterator[tuple[str, str, list[WordRun]]]:
    """Yield the rows of a table for people: what happened, to which note or file, and the words that differ."""
    for notetype in diff.types:
        yield "note type", notetype.name, _unchanged_run(type_words(notetype))
    for note in diff.added:
        yield "added", title(note), []
    for change in diff.changed:
        yield from _change_lines(change)
    for change in diff.moved:
        yield (
            "moved",
            title(change.new),
            [
                WordRun(Change.REMOVED, (", ".join(change.old.decks),)),
                WordRun(Change.ADDED, (", ".join(change.new.decks),)),
            ],
        )
    for note in diff.removed:
        yield "removed", title(note), []
    for how, names in (
        (Change.ADDED, diff.media.added),
        (Change.REMOVED, diff.media.removed),
        (Change.SAME, diff.media.changed),
    ):
        yield from (("media", "other content" if how is Change.SAME else "", [WordRun(how, (name,))]) for name in names)
    for guid in diff.repeated:
        yield (
            "twice",
            guid,
            _unchanged_run("the new package holds this guid more than once; Anki imports each as another note"),
        )


def _change_lines(change: NoteChange) -> Iterator[tuple[str, str, list[WordRun]]]:
    yield (
        "changed",
        title(change.new),
        _unchanged_run("" if change.is_newer else "not newer than before: Anki would not take the change"),
    )
    if change.has_other_type:
        yield (
            "",
            "note type",
            [WordRun(Change.REMOVED, (change.old.notetype.name,)), WordRun(Change.ADDED, (change.new.notetype.name,))],
        )
    for field in change.fields:
        yield "", field.name, list(shorten(compare_words(field.old or "", field.new or "")))
    for word, added, removed in (
        ("tags", change.tags_added, change.tags_removed),
        ("cards", [str(n + 1) for n in change.cards_added], [str(n + 1) for n in change.cards_removed]),
    ):
        if added or removed:
            yield (
                "",
                word,
                [
                    WordRun(how, (" ".join(names),))
                    for how, names in ((Change.REMOVED, removed), (Change.ADDED, added))
                    if names
                ],
            )


def shorten(runs: Iterable[WordRun]) -> Iterator[WordRun]:
    """Yield the runs as one line. A long run without changes is cut to the text next to a change."""
    runs = [WordRun(run.change, (re.sub(r"\s+", " ", run.text),)) for run in runs]
    for n, run in enumerate(runs):
        if run.change is not Change.SAME or len(run.text) <= 2 * _CONTEXT_LENGTH:
            yield run
            continue
        head = run.text[:_CONTEXT_LENGTH] if n else ""
        tail = run.text[-_CONTEXT_LENGTH:] if n < len(runs) - 1 else ""
        yield WordRun(Change.SAME, (f"{head}…{tail}",))


def type_words(change: TypeChange) -> str:
    """Return what happened to a note type, with a warning if Anki will not update its notes."""
    words = type_changes(change)
    return f"{words} (Anki will not update its notes in place)" if change.breaks else words


def type_changes(change: TypeChange) -> str:
    """Return what happened to a note type: added, removed, or the differences."""
    return "; ".join(change.differences) if change.old and change.new else _type_status(change)


def _type_status(change: TypeChange) -> str:
    return "added" if change.old is None else "removed" if change.new is None else "changed"


def _unchanged_run(text: str) -> list[WordRun]:
    return [WordRun(Change.SAME, (text,))] if text else []


def as_json(diff: Diff) -> dict[str, Any]:
    """Return the diff as `--json` prints it."""
    return {
        "old": str(diff.old.path),
        "new": str(diff.new.path),
        "versions": {
            side: known.version if (known := deck_version(package)) else None
            for side, package in (("old", diff.old), ("new", diff.new))
        },
        "added": [_note_json(note) for note in diff.added],
        "changed": [_change_json(change) for change in diff.changed],
        "removed": [_note_json(note) for note in diff.removed],
        "moved": [
            {"guid": c.new.guid, "title": title(c.new), "old": list(c.old.decks), "new": list(c.new.decks)}
            for c in diff.moved
        ],
        "restamped": [note.guid for note in diff.restamped],
        "unchanged": diff.unchanged,
        "notetypes": [
            {
                "id": c.either.id,
                "name": c.name,
                "change": _type_status(c),
                "what": list(c.differences),
                "breaks": c.breaks,
            }
            for c in diff.types
        ],
        "media": {
            "added": list(diff.media.added),
            "removed": list(diff.media.removed),
            "changed": list(diff.media.changed),
        },
        "repeated": list(diff.repeated),
    }


def _note_json(note: PackedNote) -> dict[str, Any]:
    return {
        "guid": note.guid,
        "title": title(note),
        "notetype": note.notetype.name,
        "decks": list(note.decks),
        "tags": list(note.tags),
        "cards": [card.ordinal for card in note.cards],
        "fields": note.named(),
    }


def _change_json(change: NoteChange) -> dict[str, Any]:
    return {
        "guid": change.new.guid,
        "title": title(change.new),
        "newer": change.is_newer,
        "notetype": {"old": change.old.notetype.name, "new": change.new.notetype.name},
        "fields": [_field_json(field) for field in change.fields],
        "tags": {"added": list(change.tags_added), "removed": list(change.tags_removed)},
        "cards": {"added": list(change.cards_added), "removed": list(change.cards_removed)},
    }


def _field_json(field: FieldChange) -> dict[str, Any]:
    runs = compare_words(field.old or "", field.new or "")
    return {"name": field.name, "old": field.old, "new": field.new, "words": [[run.change, run.text] for run in runs]}
