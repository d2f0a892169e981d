"""What deck.toml and a file's front matter say of its notes: deck, tags, dialect."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from deckgen.notetypes import NoteTypes, built_in
from deckgen.parse.dialects import BY_NAME
from deckgen.parse.document import Document
from deckgen.parse.front_matter import key_line
from deckgen.parse.tags import category_paths, nested_tag, plain_name, tag, tag_words, unlinked
from deckgen.parse.tool_metadata import Named, draft_mark, named_decks, named_tags
from deckgen.problems import Problem, Severity
from deckgen.project import deck_name
from deckgen.project_rules import HIGHLIGHTS, METADATA

_RESERVED = {"marked", "leech"}
_KEYS = {"dialect", "highlight", "level", "skip"}


class Settings(Struct, frozen=True):
    """What holds for the notes of a file.

    `sections`, `folders` and `categories` say what becomes of the headings above a question, of the folders that the file is in, and of the
    categories in its front matter: `tags`, `decks` or `none`. `metadata` are the kinds of metadata of other tools that count. `path` are
    the names that `folders` and `categories` add to the deck.
    `dialect` is what the author named, `remembered` what the file was found to be written in at the last build.
    `left_out` is the reason why the file's notes are left out, "" if they are not.
    `highlight` is `mark` or `cloze`: what `==text==` is.
    """

    deck: str = ""
    tags: tuple[str, ...] = ()
    sections: str = "tags"
    folders: str = "none"
    categories: str = "tags"
    metadata: tuple[str, ...] = METADATA
    path: tuple[str, ...] = ()
    dialect: str | None = None
    remembered: str | None = None
    level: int | None = None
    left_out: str = ""
    notetypes: NoteTypes = field(default_factory=built_in)
    highlight: str = HIGHLIGHTS[0]

    def deck_of(self, section: Sequence[str]) -> str:
        """The full name of the deck of a note under these headings."""
        below = section if self.sections == "decks" else ()
        parts = (self.deck, *map(plain_name, (*self.path, *below)))
        return "::".join(part for part in parts if part)

    def tags_of(self, section: Sequence[str], more: Iterable[str] = ()) -> tuple[str, ...]:
        """The tags of a note: those of its file, the one of its section, and `more` that it has itself."""
        path = ("::".join(tag(plain_name(part)) for part in section),) if self.sections == "tags" else ()
        return tuple(sorted({name for name in (*self.tags, *map(self.tag, more), *path) if name}))

    def tag(self, written: str) -> str:
        """A tag as authors write it, as an Anki tag. With the tags of other tools, `a/b` is `a::b`."""
        return nested_tag(written) if "tags" in self.metadata else tag(written)


def file_settings(document: Document, defaults: Settings) -> tuple[Settings, list[Problem]]:
    """The deck's settings with what the file's front matter, folder and lines change, and what is wrong with that."""
    own, problems = _deckgen_settings(document, defaults)
    tags, wrong = _tags(document, defaults)
    problems += wrong
    deck, wrong = _deck(document, defaults)
    problems += wrong
    draft = draft_mark(document)
    if draft and "drafts" in defaults.metadata:
        problems.append(_left_out(document, draft))
        own = replace(own, left_out=_shown(draft))
    path = () if deck else (*_folders(document, defaults, "decks"), *_first_category(document, defaults))
    problems += _unused(document, defaults, draft)
    return replace(own, deck=deck or defaults.deck, tags=tags, path=path), sorted(problems)


def _deckgen_settings(document: Document, defaults: Settings) -> tuple[Settings, list[Problem]]:
    """What the mapping `deckgen` of the front matter sets."""
    own = document.meta.get("deckgen") or {}
    if not isinstance(own, dict):
        return defaults, [
            _wrong(document, ("deckgen",), "deckgen is not a mapping", "write deckgen: {dialect: heading}")
        ]
    problems = [
        _wrong(document, ("deckgen", key), f"unknown key {key} under deckgen", "known: " + ", ".join(sorted(_KEYS)))
        for key in sorted(map(str, own.keys() - _KEYS))
    ]
    dialect, level = own.get("dialect", defaults.dialect), own.get("level", defaults.level)
    if fault := dialect_fault(dialect):
        problems.append(_wrong(document, ("deckgen", "dialect"), fault))
        dialect = None
    if fault := level_fault(level):
        problems.append(_wrong(document, ("deckgen", "level"), fault))
        level = None
    highlight = own.get("highlight", defaults.highlight)
    if highlight not in HIGHLIGHTS:
        known = ", ".join(HIGHLIGHTS)
        problems.append(_wrong(document, ("deckgen", "highlight"), f"highlight is {highlight!r}, not one of {known}"))
        highlight = defaults.highlight
    left_out = "deckgen: {skip: true}" if own.get("skip") is True else ""
    settings = replace(defaults, dialect=dialect, level=level, highlight=highlight, left_out=left_out)
    return settings, problems


def _tags(document: Document, defaults: Settings) -> tuple[tuple[str, ...], list[Problem]]:
    """The tags of all notes of the file."""
    problems = []
    written = tag_words(document.meta.get("tags"))
    if "tags" in defaults.metadata:
        written += [word for each in named_tags(document) for word in tag_words(each.value)]
    tags = {*defaults.tags, *map(defaults.tag, written)}
    if defaults.categories == "tags":
        tags |= {"::".join(map(tag, path)) for path in _categories(document, defaults)}
    tags.add("::".join(tag(plain_name(part)) for part in _folders(document, defaults, "tags")))
    if isinstance(document.meta.get("tags"), dict):
        problems.append(_wrong(document, ("tags",), "tags is a mapping", "write a list: tags: [a, b]"))
    problems += [
        _wrong(document, ("tags",), f"the tag {name} is Anki's own", "use another word")
        for name in sorted(tags)
        if name.lower() in _RESERVED
    ]
    return tuple(sorted(tags - {""})), problems


def _deck(document: Document, defaults: Settings) -> tuple[str, list[Problem]]:
    """The deck that the file names, "" if it names none."""
    own = [Named("deck", document.meta["deck"], _line(document, ("deck",)))] if document.meta.get("deck") else []
    named = [*own, *(named_decks(document) if "decks" in defaults.metadata else [])]
    problems = []
    names = []
    for each in named:
        if isinstance(each.value, str):
            names.append((each, deck_name(unlinked(each.value) if each not in own else each.value)))
        else:
            problems.append(document.problem(each.line, f"{each.key} is not a text", code="front-matter"))
    if not names:
        return "", problems
    first, deck = names[0]
    problems += [
        document.problem(
            each.line,
            f"{each.key} names the deck {name}, and {first.key} the deck {deck}",
            code="deck-named-twice",
            severity=Severity.WARNING,
            hint=f"{first.key} counts; remove the other",
        )
        for each, name in names[1:]
        if name != deck
    ]
    return deck, problems


def _categories(document: Document, settings: Settings) -> list[tuple[str, ...]]:
    names = ("categories", "category") if "tags" in settings.metadata else ("categories",)
    return [path for name in names for path in category_paths(document.meta.get(name))]


def _first_category(document: Document, settings: Settings) -> tuple[str, ...]:
    """The category that names a sub-deck: a note is in one deck."""
    paths = _categories(document, settings) if settings.categories == "decks" else []
    return paths[0] if paths else ()


def _folders(document: Document, settings: Settings, use: str) -> tuple[str, ...]:
    """The folders between the deck's folder and the file, if that is what they are used for."""
    return PurePosixPath(document.key).parent.parts if settings.folders == use else ()


def _left_out(document: Document, draft: Named) -> Problem:
    return document.problem(
        draft.line,
        f"the file is left out: {_shown(draft)}",
        code="file-left-out",
        severity=Severity.INFO,
        hint='metadata without "drafts" in deck.toml lets it count',
    )


def _unused(document: Document, settings: Settings, draft: Named | None) -> Iterator[Problem]:
    """What another tool wrote and deck.toml lets have no effect."""
    found = {"decks": named_decks(document), "tags": named_tags(document), "drafts": [draft] if draft else []}
    for kind in METADATA:
        if kind not in settings.metadata:
            for each in found[kind]:
                yield document.problem(
                    each.line,
                    f"{_shown(each)} has no effect",
                    code="metadata-unused",
                    severity=Severity.INFO,
                    hint=f'metadata = ["{kind}"] in deck.toml gives it one',
                )


def _shown(named: Named) -> str:
    """A setting as the message shows it."""
    value = str(named.value).lower() if isinstance(named.value, bool) else str(named.value)
    return f"{named.key}: {value[:60]}"


def _wrong(document: Document, path: tuple[str, ...], message: str, hint: str = "") -> Problem:
    return document.problem(_line(document, path), message, code="front-matter", hint=hint)


def _line(document: Document, path: tuple[str, ...]) -> int:
    return key_line(document.source, document.scan, path)


def dialect_fault(value: Any) -> str | None:
    """What is wrong with the name of a dialect, if anything."""
    known = value is None or (isinstance(value, str) and value in BY_NAME)
    return None if known else f"unknown dialect {value!r}; known: {', '.join(BY_NAME)}"


def level_fault(value: Any) -> str | None:
    """What is wrong with a heading level, if anything."""
    right = value is None or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 6)
    return None if right else f"level is {value!r}, not a number from 1 to 6"
