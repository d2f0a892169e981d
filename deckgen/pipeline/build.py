"""deckgen build: all stages, and the summary of what was done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from deckgen.deck_description import deck_description
from deckgen.identity.changes import SCREENFUL, Change, EntryChange
from deckgen.identity.lost import require_lock
from deckgen.pictures import FigureOptions, Progress
from deckgen.pipeline.draft import draft, lock_path
from deckgen.pipeline.writing import write_deck
from deckgen.problems import DeckError, Problem
from deckgen.project import Project
from deckgen.sources import read_project
from deckgen.unreleased import as_unreleased


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did. `media`, `notes` and `cards` are counts of the package, the rest is what the lock saw.

    `changes` are the notes that are counted as added, changed or retired, `looks` the note types whose templates or CSS changed.
    """

    package: Path
    version: str
    size: int
    notes: int
    cards: int
    media: int
    added: int
    changed: int
    unchanged: int
    retired: int
    changes: tuple[EntryChange, ...]
    looks: tuple[str, ...]
    problems: tuple[Problem, ...]


def build(
    root: Path,
    out: Path,
    now: int,
    *,
    strict: bool,
    locked: bool,
    progress: Progress,
    options: FigureOptions = FigureOptions(),
    named: int | None = SCREENFUL,
    retire: Sequence[Path] = (),
    new_lock: bool = False,
) -> BuildResult:
    """Build the deck of a folder into `out`. `now` is the time of the build in seconds (Unix time).

    `retire` are files and folders of which many notes may be retired; `new_lock` makes a new lock for one that is lost.
    Raises DeckError for errors, and for warnings too where `strict`; then nothing was written but the pictures that were computed.
    Where `locked`, the error names up to `named` notes that the lock does not fit (None: all).
    """
    project = read_project(root)
    if new_lock:
        _require_no_lock(project)
    else:
        require_lock(project)
    plan = draft(project, now, strict=strict, progress=progress, options=options, retire=retire)
    if locked:
        plan.require_locked(named)
    project, stamped = as_unreleased(plan.project, plan.deck, plan.stamped.lock.releases), plan.stamped
    deck = replace(plan.deck, description=deck_description(project))
    path = out / f"{project.slug}-{project.version}.apkg"
    progress("writing", 0, 1)
    write_deck(path, deck, {} if locked else plan.texts)
    progress("writing", 1, 1)
    return BuildResult(
        path,
        project.version,
        path.stat().st_size,
        len(deck.notes),
        sum(len(note.cards) for note in deck.notes),
        len(deck.media),
        stamped.added,
        stamped.changed,
        stamped.unchanged,
        stamped.retired,
        tuple(item for item in plan.changes if item.change is not Change.RECORDED),
        stamped.changed_types,
        plan.problems,
    )


def _require_no_lock(project: Project) -> None:
    if lock_path(project).exists():
        raise DeckError.at(
            str(lock_path(project)),
            "is there: a new lock is made only where the old one is lost",
            code="lock-exists",
            hint="build without --new-lock",
        )
