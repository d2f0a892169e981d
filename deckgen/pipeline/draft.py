"""Prepare the package and the next lock of a deck without writing them. `build` and `release` both use this."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.deck_toml import with_lock_mark
from deckgen.figures import Figures
from deckgen.identity.changes import SCREENFUL, Change, EntryChange
from deckgen.identity.lock import FILE as LOCK_FILE
from deckgen.identity.lock import Lock, lock_bytes, with_lines
from deckgen.identity.lost import changed_deck_problems
from deckgen.identity.reconcile import OtherNotesNeededError
from deckgen.identity.stale import stale_lock_problems
from deckgen.identity.stamp import StampedLock
from deckgen.identity.written_lock import lock_key, remember_written
from deckgen.last_build import Snapshot
from deckgen.model import RenderedNote
from deckgen.notetypes import NoteTypes
from deckgen.originals import read_originals, translation_problems
from deckgen.package.former import NO_FORMER, FormerPackage
from deckgen.package.write import PackageDeck
from deckgen.pictures import (
    FigureOptions,
    Progress,
    diagram_loader,
    diagrams_of,
    figure_loader,
    figures_of,
    unused_pictures,
)
from deckgen.pipeline.caches import Caches
from deckgen.pipeline.identifying import identify
from deckgen.pipeline.keeping import keep, require_no_comparison, require_other_names, require_same_entries
from deckgen.pipeline.kept import KeptFiles
from deckgen.pipeline.packing import package_deck, package_notes, package_problems
from deckgen.pipeline.reading import ReadNotes, read_notes
from deckgen.pipeline.rendering import render_notes
from deckgen.pipeline.strict import stop_at_errors
from deckgen.problems import DeckError, Problem, Severity
from deckgen.project import FILE as PROJECT_FILE
from deckgen.project import Project
from deckgen.sources import files_of, read_lock, types_of

_NO_NOTES = "deckgen check shows how each file is read, and what would read it"


class Draft(Struct, frozen=True):
    """The content of a package and the next lock, before they are written.

    `old_lock` is the content of the present lock, b"" if there is none. `next_lock` is that of the next lock. `problems` contains no errors.
    `collection_key` is the key under which the collection of the package is stored for the next build, "" if it is not.
    """

    project: Project
    deck: PackageDeck
    old_lock: bytes
    stamped: StampedLock
    next_lock: bytes
    problems: tuple[Problem, ...]
    collection_key: str

    @property
    def lock_path(self) -> Path:
        return lock_path(self.project)

    @property
    def changes(self) -> tuple[EntryChange, ...]:
        """The notes that differ from their entries in the lock. Each has the path of its file as problems show it."""
        return tuple(
            replace(item, file=str(self.project.root / item.file)) if item.change is Change.RETIRED else item
            for item in self.stamped.changes
        )

    @property
    def contents(self) -> dict[Path, bytes]:
        """Path → content of the lock and deck.toml, if they change. deck.toml gets a line that says that there is a lock."""
        lock = {self.lock_path: self.next_lock} if self.next_lock != self.old_lock else {}
        if self.project.lock:
            return lock
        return {**lock, self.project.root / PROJECT_FILE: with_lock_mark(self.project.root).encode()}

    def require_locked(self, max_listed: int | None = SCREENFUL) -> None:
        """Check that the lock would not change. Raises DeckError if it would; it lists up to `max_listed` notes that differ (None: all)."""
        if self.next_lock != self.old_lock:
            raise DeckError(stale_lock_problems(self.stamped, self.changes, str(self.lock_path), max_listed))


def draft(
    project: Project,
    now: int,
    *,
    strict: bool,
    progress: Progress,
    options: FigureOptions = FigureOptions(),
    retire: Sequence[Path] = (),
    whole: bool = True,
    digests: Snapshot | None = None,
    ready: Callable[[PackageDeck, StampedLock], None] = lambda _deck, _stamped: None,
) -> Draft:
    """Read, render and identify the notes of a deck, and return what `build` and `release` write.

    `now` is the time of the build in seconds (Unix time). Many notes of the files and folders `retire` may be retired.
    Unless the `whole` deck is wanted, files that did not change are kept as the last build made them. Then the lock has only their last entries. `digests` are those of
    files that were just read. `ready` is called as soon as the content of the package is known, before the lock is made.
    Pictures that are computed are written into the deck's folder. Raises DeckError if there is an error or no
    notes, or with `strict` a warning.
    """
    with Caches() as caches:
        try:
            drafts = _Drafts(project, now, strict, progress, options, retire, ready, caches, keeps=not whole)
            if not whole and (kept := KeptFiles(project, caches, digests or {})):
                with suppress(OtherNotesNeededError):
                    return drafts.draft(kept)
            return drafts.draft(None)
        finally:
            caches.save()


class _Drafts(Struct, frozen=True):
    """Makes drafts of a deck. The first seven values are those of `draft`. With `keeps`, the files that the next build can keep are stored in `caches`."""

    project: Project
    now: int
    strict: bool
    progress: Progress
    options: FigureOptions
    retire: Sequence[Path]
    ready: Callable[[PackageDeck, StampedLock], None]
    caches: Caches
    keeps: bool

    def draft(self, kept: KeptFiles | None) -> Draft:
        """Make a draft with the files that are kept. Raises OtherNotesNeededError if the other notes of these files are needed."""
        project, caches = self.project, self.caches
        if kept:
            old, old_lock = kept.lock(), kept.old_lock
        else:
            text, old = read_lock(project.root)
            old_lock = text.encode()
        read, rendered, figures, found = _rendered_notes(project, old, self.progress, self.options, caches, kept)
        if kept:
            require_no_comparison(read, rendered)
            old = kept.lock(read.files[file].key for file in read.kept)
        rendered, stamped, problems = self._identified(read, rendered, figures, old, found)
        require_same_entries(read, rendered, stamped)
        former = kept.former({read.files[file].key: each for file, each in read.kept.items()}) if kept else NO_FORMER
        deck = self._package(rendered, stamped, read, types_of(project, old), former)
        stop_at_errors([*problems, *package_problems(deck, [item.note for item in rendered])], self.strict)
        self.ready(deck, stamped)
        lock = with_lines(stamped.lock)
        next_lock = lock_bytes(lock)
        remember_written(caches.of(project.root), lock_key(next_lock))
        key = keep(project, read, rendered, deck, found, lock, next_lock, caches) if self.keeps else ""
        caches.save(tuple(read.files.values()))
        return Draft(project, deck, old_lock, stamped, next_lock, tuple(sorted(problems)), key)

    def _identified(
        self,
        read: ReadNotes,
        rendered: Sequence[RenderedNote],
        figures: Figures,
        old: Lock,
        found: Sequence[Problem],
    ) -> tuple[list[RenderedNote], StampedLock, list[Problem]]:
        """Return the notes, the next lock, and all problems. `found` are those of rendering. Raises DeckError as `draft` does."""
        project, notes = self.project, [item.note for item in rendered]
        originals = read_originals(project)
        problems = [*read.problems, *found, *figures.problems, *changed_deck_problems(project, old)]
        problems += translation_problems(project, notes, originals, old, whole=True)
        stop_at_errors(problems, self.strict)
        if not rendered:
            raise DeckError([*problems, _no_notes(project)])
        problems += unused_pictures(figures, notes)
        return *identify(
            project,
            rendered,
            old,
            self.now,
            self.retire,
            originals.digests,
            read.fingerprint_of,
            read.content_of,
            whole=not read.kept,
        ), problems

    def _package(
        self,
        rendered: Sequence[RenderedNote],
        stamped: StampedLock,
        read: ReadNotes,
        types: NoteTypes,
        former: FormerPackage,
    ) -> PackageDeck:
        """Return the content of the package. The notes of kept files are in `former`."""
        media = [media for item in rendered for media in item.media]
        notes = package_notes(rendered, stamped, read.cards_of)
        return package_deck(self.project, notes, media, types, stamped, former)


def _no_notes(project: Project) -> Problem:
    message = "no notes in the files of this deck"
    return Problem(str(project.root), 0, 0, Severity.ERROR, "deck-empty", message, _NO_NOTES)


def rendered_notes(
    project: Project, lock: Lock, progress: Progress, options: FigureOptions = FigureOptions()
) -> tuple[list[RenderedNote], Figures, list[Problem]]:
    """Return the rendered notes of a deck, its figures, and the problems of both.

    The cards of image-occlusion notes are numbered as in a first build. Raises DeckError if there are no note files, or if
    the code of the figures cannot be read.
    """
    with Caches() as caches:
        read, rendered, figures, problems = _rendered_notes(project, lock, progress, options, caches)
        caches.save()
    return rendered, figures, [*read.problems, *problems, *figures.problems]


def _rendered_notes(
    project: Project,
    lock: Lock,
    progress: Progress,
    options: FigureOptions,
    caches: Caches,
    kept: KeptFiles | None = None,
) -> tuple[ReadNotes, list[RenderedNote], Figures, list[Problem]]:
    """Return the notes as they were read and rendered, the figures of the deck, and the problems of rendering and of lints."""
    files = files_of(project, lock)
    read = read_notes(files, progress, caches, scheduler=options.scheduler, kept=kept.find if kept else None)
    require_other_names(read)
    figures = figures_of(project, read.problems, options)
    pictures = figure_loader(figures, read.naming, progress)
    diagrams = diagram_loader(diagrams_of(project), read.naming, progress, execute=options.execute)
    rendered, problems = render_notes(read, {project.root: pictures}, {project.root: diagrams}, progress, caches)
    return read, rendered, figures, problems


def lock_path(project: Project) -> Path:
    """Return the path of the deck's lock. The file may not exist."""
    return project.root / LOCK_FILE
