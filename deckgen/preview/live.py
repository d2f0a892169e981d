"""A deck that is read again when its files change: the last good cards, and the problems of the last reading."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from deckgen.deck_description import deck_description
from deckgen.figures.diagrams import Diagrams
from deckgen.lint import USUAL_LINTS, lint
from deckgen.model import Media, RenderedNote
from deckgen.notetypes import MATH_FONT
from deckgen.pictures import diagrams_folder
from deckgen.preview.cards import Card, NoteRow, cards_of, keys_of, looks_of, row_of
from deckgen.preview.changes import Fingerprints, changed_notes
from deckgen.preview.figures import LiveFigures
from deckgen.preview.memory import ReadFiles, RenderedFiles, TypedNotes
from deckgen.problems import DeckError, Problem
from deckgen.project import Project
from deckgen.sources import NoteFile, files_of, read_lock, read_project, types_of


class Snapshot(Struct, frozen=True):
    """The deck at one moment. `rows` are in reading order, `notes` have the same keys, `media` and `looks` are by name.

    `failed` says that the last reading found no notes: those here are of the reading before, and the problems say why.
    `changed` are the keys of the notes that differ from the last release, or from the last build if there is no release;
    None while that is not known. `computing` counts the pictures that are not there yet. `description` is that of the deck's
    page in Anki, in Markdown.
    """

    name: str = ""
    description: str = ""
    number: int = 0
    rows: tuple[NoteRow, ...] = ()
    notes: Mapping[str, RenderedNote] = field(default_factory=dict)
    media: Mapping[str, Media] = field(default_factory=dict)
    looks: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    failed: bool = False
    changed: frozenset[str] | None = None
    since: str = ""
    computing: int = 0

    def cards(self, key: str) -> tuple[Card, ...]:
        """The cards of a note. Raises KeyError if no note has the key."""
        return cards_of(self.notes[key], self.name)


class LiveDeck:
    """Reads the deck in `root`, and what changed of it again on each `refresh`.

    Pictures that have to be computed go to the folder `pictures`. `on_picture` is called, in another thread, when one is there.
    If `execute` is false, no code of the deck runs.
    """

    def __init__(
        self, root: Path, pictures: Path, on_picture: Callable[[], None] = lambda: None, *, execute: bool = True
    ):
        self.root = root
        self.snapshot = Snapshot()
        self._pictures, self._execute, self._on_picture = pictures, execute, on_picture
        self._reader = ReadFiles()
        self._renderer = RenderedFiles(root, self._picture, Diagrams(diagrams_folder(root)).picture)
        self._figures: LiveFigures | None = None
        self._figures_code: Path | None = None
        self._typed = TypedNotes()
        self._rows: dict[int, tuple[RenderedNote, NoteRow]] = {}
        self._fingerprints = Fingerprints()
        self._turn = threading.Lock()

    def refresh(self, *, media: bool = True, pictures: bool = False) -> Snapshot:
        """Read and render what changed. With `media`, files next to the notes and the code of figures may have changed too.

        With `pictures`, a picture that was being computed may be there now.
        """
        with self._turn:
            try:
                self.snapshot = self._read(media, pictures)
            except DeckError as error:
                self.snapshot = self._failed(tuple(error.problems))
            return self.snapshot

    def complete(self) -> Snapshot:
        """Add what takes longer: the lints, and which notes changed since the last release. If the deck changed meanwhile, add nothing."""
        now = self.snapshot
        if now.failed:
            return now
        try:
            full = self._completed(now)
        except DeckError:  # the next reading reports it
            return now
        with self._turn:
            if self.snapshot is now:
                self.snapshot = full
            return self.snapshot

    def close(self) -> None:
        """Compute no more pictures."""
        if self._figures is not None:
            self._figures.close()

    def _read(self, media: bool, pictures: bool) -> Snapshot:
        project = read_project(self.root)
        lock = read_lock(self.root)[1]
        types = types_of(project, lock)
        # Another theme changes no note: so without CSS, nothing is parsed and rendered again.
        files = [_without_css(file) for file in files_of(project, lock)]
        if media or self._figures is None or project.figures_code != self._figures_code:
            self.close()
            self._figures_code = project.figures_code
            self._figures = LiveFigures(project, self._pictures, self._on_picture, execute=self._execute)
            self._renderer.forget_media()
        elif pictures:
            # The same figures: new ones would compute again what failed.
            self._renderer.forget_media()
        read = self._reader.read(files)
        first = files[0]
        rendered, problems = self._renderer.render(read.parsed, first.options, first.settings.notetypes)
        items = self._typed.of(rendered, types)
        if not items:
            raise (
                DeckError([*read.problems, *problems])
                if read.problems or problems
                else DeckError.at(str(self.root), "no notes in the files of this deck", code="deck-empty")
            )
        return self._snapshot(project, items, tuple(sorted([*read.problems, *problems])))

    def _completed(self, now: Snapshot) -> Snapshot:
        project = read_project(self.root)
        lock = read_lock(self.root)[1]
        items = list(now.notes.values())
        found = lint(items, USUAL_LINTS if project.lint is None else project.lint)
        changes = changed_notes(project, items, lock, self._fingerprints)
        self._fingerprints.keep(item.note for item in items)
        changed = frozenset(key for key, changed in zip(now.notes, changes.changed) if changed)
        return replace(
            now,
            number=now.number + 1,
            problems=tuple(sorted([*now.problems, *found, *changes.problems])),
            changed=changed if changes.known else None,
            since=changes.since,
        )

    def _snapshot(self, project: Project, items: list[RenderedNote], problems: tuple[Problem, ...]) -> Snapshot:
        keys = list(keys_of(item.note for item in items))
        rows = {id(item.note): (item, self._row(item, key)) for item, key in zip(items, keys)}
        self._rows = rows
        found = {media.name: media for item in items for media in item.media}
        return Snapshot(
            name=project.name,
            description=deck_description(project),
            number=self.snapshot.number + 1,
            rows=tuple(row for _, row in rows.values()),
            notes=dict(zip(keys, items)),
            media=found | ({MATH_FONT.name: MATH_FONT} if project.mathml else {}),
            looks=looks_of(items),
            problems=problems,
            changed=self.snapshot.changed,
            since=self.snapshot.since,
            computing=self._figures.computing if self._figures else 0,
        )

    def _row(self, item: RenderedNote, key: str) -> NoteRow:
        known = self._rows.get(id(item.note))
        if known is None or known[0].fields is not item.fields or known[1].key != key:
            return row_of(item, key)
        return known[1]

    def _failed(self, problems: tuple[Problem, ...]) -> Snapshot:
        return replace(self.snapshot, number=self.snapshot.number + 1, problems=problems, failed=True)

    def _picture(self, ref: str) -> Media:
        assert self._figures is not None, "notes are rendered after the figures were read"
        return self._figures.picture(ref)


def _without_css(file: NoteFile) -> NoteFile:
    return replace(file, settings=replace(file.settings, notetypes=file.settings.notetypes.without_css()))
