"""A deck up to its package and its next lock, nothing written: what `build` and `release` both do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckgen.deck_toml import with_lock_mark
from deckgen.figures import Figures
from deckgen.identity.changes import SCREENFUL, Change, EntryChange
from deckgen.identity.lock import FILE as LOCK_FILE
from deckgen.identity.lock import Lock, dump_lock
from deckgen.identity.lost import changes_of_the_deck
from deckgen.identity.stale import stale
from deckgen.identity.stamp import StampedLock
from deckgen.model import RenderedNote
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
from deckgen.pipeline.identifying import identify
from deckgen.pipeline.packing import package_deck, package_problems
from deckgen.pipeline.reading import read_notes
from deckgen.pipeline.rendering import render_notes
from deckgen.pipeline.strict import stop_at_errors
from deckgen.problems import DeckError, Problem, Severity
from deckgen.project import FILE as PROJECT_FILE
from deckgen.project import Project
from deckgen.sources import files_of, read_lock, types_of


@dataclass(frozen=True, slots=True)
class Draft:
    """A deck that could be packed: what the package would hold, and the identity of its notes. Nothing is written.

    `old_lock` is the text of the lock as it is ("" where there is none), `problems` are warnings and less.
    """

    project: Project
    deck: PackageDeck
    old_lock: str
    stamped: StampedLock
    problems: tuple[Problem, ...]

    @property
    def lock_path(self) -> Path:
        return lock_path(self.project)

    @property
    def lock_text(self) -> str:
        """The lock as it must be once the deck is packed."""
        return dump_lock(self.stamped.lock)

    @property
    def changes(self) -> tuple[EntryChange, ...]:
        """The notes that differ from what the lock has of them, each with the path of its file."""
        return tuple(
            replace(item, file=str(self.project.root / item.file)) if item.change is Change.RETIRED else item
            for item in self.stamped.changes
        )

    @property
    def texts(self) -> dict[Path, str]:
        """Path → text of what changes beside the notes: the lock, and the line of deck.toml that says that there is one."""
        lock = {self.lock_path: self.lock_text} if self.lock_text != self.old_lock else {}
        return (
            lock if self.project.lock else {**lock, self.project.root / PROJECT_FILE: with_lock_mark(self.project.root)}
        )

    def require_locked(self, named: int | None = SCREENFUL) -> None:
        """Raise DeckError where the lock would change: up to `named` of the notes that differ are named (None: all)."""
        if self.lock_text != self.old_lock:
            raise DeckError(stale(self.stamped, self.changes, str(self.lock_path), named))


def draft(
    project: Project,
    now: int,
    *,
    strict: bool,
    progress: Progress,
    options: FigureOptions = FigureOptions(),
    retire: Sequence[Path] = (),
) -> Draft:
    """Read, render and identify the notes of a deck; pictures that are computed are kept in the deck's folder. Raises as `build` does."""
    old_text, old = read_lock(project.root)
    rendered, figures, problems = rendered_notes(project, old, progress, options)
    problems += changes_of_the_deck(project, old)
    stop_at_errors(problems, strict)
    if not rendered:
        raise DeckError(
            [
                *problems,
                Problem(str(project.root), 0, 0, Severity.ERROR, "deck-empty", "no notes in the files of this deck"),
            ]
        )
    problems += unused_pictures(figures, [item.note for item in rendered])
    rendered, stamped = identify(project, rendered, old, now, retire)
    deck = package_deck(project, rendered, stamped, types_of(project, old))
    stop_at_errors([*problems, *package_problems(deck, [item.note for item in rendered])], strict)
    return Draft(project, deck, old_text, stamped, tuple(sorted(problems)))


def rendered_notes(
    project: Project, lock: Lock, progress: Progress, options: FigureOptions = FigureOptions()
) -> tuple[list[RenderedNote], Figures, list[Problem]]:
    """The notes of a deck as fields, the cards of pictures numbered as in a first build; the figures; and what is wrong with them.

    Raises DeckError where there are no files, or the code of the figures cannot be read.
    """
    read = read_notes(files_of(project, lock), progress)
    figures = figures_of(project, read.problems, options)
    pictures = figure_loader(figures, read.notes, progress)
    diagrams = diagram_loader(diagrams_of(project), read.notes, progress, execute=options.execute)
    rendered, problems = render_notes(read, {project.root: pictures}, {project.root: diagrams}, progress)
    return rendered, figures, [*read.problems, *problems, *figures.problems]


def lock_path(project: Project) -> Path:
    return project.root / LOCK_FILE
