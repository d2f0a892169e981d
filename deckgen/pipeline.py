"""The order of things: project → files → notes → fields → identity → package. The only place that knows it."""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from deckgen.about import about
from deckgen.deck_toml import with_lock_mark
from deckgen.figures import Figures
from deckgen.figures.survey import Survey, recheck, survey
from deckgen.files import prepared
from deckgen.identity.changes import SCREENFUL, Change, EntryChange
from deckgen.identity.fingerprint import fingerprint
from deckgen.identity.lock import FILE as LOCK_FILE
from deckgen.identity.lock import Lock, MadeFor, dump_lock, line_of
from deckgen.identity.lost import changes_of_the_deck, many_retired, require_lock
from deckgen.identity.reconcile import Doubt, reconcile
from deckgen.identity.stale import stale
from deckgen.identity.stamp import Stamped, content_of, stamp
from deckgen.identity.states import with_one_state
from deckgen.lint import lint
from deckgen.model import Kind, Note, RenderedNote
from deckgen.notetypes import MATH_FONT, note_type
from deckgen.notetypes.cards import card_ordinals
from deckgen.notetypes.masks import masked, numbered
from deckgen.package.write import PackageDeck, PackageNote, faults, write_package
from deckgen.parse import decks_in_another_case, parse_file, repeated_ids
from deckgen.pictures import FigureOptions, Progress, computed, figures_of, pruned, spare, uncomputed
from deckgen.problems import DeckError, Problem, Severity
from deckgen.project import FILE as PROJECT_FILE
from deckgen.project import Project, deck_name, read_project
from deckgen.render import Renderer, figure_references
from deckgen.sources import NoteFile, files_at, files_of, read_lock
from deckgen.unreleased import as_unreleased


@dataclass(frozen=True, slots=True)
class Checked:
    """What some files hold, in reading order, and everything that is wrong with it."""

    notes: tuple[RenderedNote, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A deck that could be packed: what the package would hold, and the identity of its notes. Nothing is written.

    `old_lock` is the text of the lock as it is ("" where there is none), `problems` are warnings and less.
    """

    project: Project
    deck: PackageDeck
    old_lock: str
    stamped: Stamped
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


@dataclass(frozen=True, slots=True)
class Built:
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
    looks: tuple[Kind, ...]
    problems: tuple[Problem, ...]


def check(paths: Iterable[Path], progress: Progress) -> Checked:
    """Read and render the notes of files and folders without writing anything. Needs no deck.toml, uses what it finds."""
    files = {file.file: file for path in paths for file in files_at(path)}
    notes, problems = _read(list(files.values()), progress)
    renderers: dict[Path, Renderer] = {}
    decks: dict[Path, list[RenderedNote]] = {}
    rendered = []
    for n, note in enumerate(notes):
        progress("rendering", n, len(notes))
        file = files[note.file]
        if file.root not in renderers:
            figures = Figures(file.root / "figures")
            renderers[file.root] = Renderer(file.root, uncomputed(figures), file.base_url, file.macros, file.mathml)
        result, wrong = renderers[file.root].render(note)
        rendered.append(result)
        decks.setdefault(file.root, []).append(result)
        problems += wrong
    lints = {file.root: file.lint for file in files.values()}
    problems += [problem for root, own in decks.items() for problem in lint(own, lints[root])]
    return Checked(tuple(rendered), tuple(sorted(problems)))


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
) -> Built:
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
    deck = replace(plan.deck, description=about(project))
    path = out / f"{project.slug}-{project.version}.apkg"
    progress("writing", 0, 1)
    _write(path, deck, {} if locked else plan.texts)
    progress("writing", 1, 1)
    return Built(
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
        stamped.looks,
        plan.problems,
    )


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
    problems += [*lint(rendered, project.lint), *changes_of_the_deck(project, old)]
    _stop(problems, strict)
    if not rendered:
        raise DeckError(
            [
                *problems,
                Problem(str(project.root), 0, 0, Severity.ERROR, "deck-empty", "no notes in the files of this deck"),
            ]
        )
    problems += spare(figures, [item.note for item in rendered])
    rendered, stamped = _identify(project, rendered, old, now, retire)
    deck = _package_deck(project, rendered, stamped)
    _stop([*problems, *_faults(deck, [item.note for item in rendered])], strict)
    return Draft(project, deck, old_text, stamped, tuple(sorted(problems)))


def rendered_notes(
    project: Project, lock: Lock, progress: Progress, options: FigureOptions = FigureOptions()
) -> tuple[list[RenderedNote], Figures, list[Problem]]:
    """The notes of a deck as fields, the cards of pictures numbered as in a first build; the figures; and what is wrong with them."""
    notes, problems = _read(files_of(project, lock), progress)
    figures = figures_of(project, problems, options)
    rendered, wrong = _render(project, notes, figures, progress)
    return rendered, figures, [*problems, *wrong, *figures.problems]


def lock_path(project: Project) -> Path:
    return project.root / LOCK_FILE


def _require_no_lock(project: Project) -> None:
    if lock_path(project).exists():
        raise DeckError.at(
            str(lock_path(project)),
            "is there: a new lock is made only where the old one is lost",
            code="lock-exists",
            hint="build without --new-lock",
        )


def _write(path: Path, deck: PackageDeck, texts: Mapping[Path, str]) -> None:
    """All files are whole on disk before any takes its name; the lock takes it first, the package last.

    A package without its lock would be stamped again with the same second by the next build, and Anki would ignore
    what changed in between; a lock without its package is made good by building again.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        package_file, commit_package = stack.enter_context(prepared(path))
        write_package(package_file, deck)
        commit_package.sync()
        commits = []
        for text_path, text in texts.items():
            file, commit = stack.enter_context(prepared(text_path))
            file.write(text.encode())
            commit.sync()
            commits.append(commit)
        for commit in (*commits, commit_package):
            commit()


def _read(files: Sequence[NoteFile], progress: Progress) -> tuple[list[Note], list[Problem]]:
    notes: list[Note] = []
    problems: list[Problem] = []
    for n, file in enumerate(files):
        progress("reading", n, len(files))
        try:
            parsed = parse_file(file.path, file.file, file.key, file.settings)
        except DeckError as error:
            problems += error.problems
            continue
        notes += parsed.notes
        problems += parsed.problems
    return notes, [*problems, *repeated_ids(notes), *decks_in_another_case(notes)]


def survey_figures(root: Path, *, options: FigureOptions, progress: Progress, again: bool = False) -> Survey:
    """The figures of a deck: those that its notes use, and with their defaults those that none does.

    With `again` all are computed again and compared with the frozen pictures, and nothing is written.
    """
    project = read_project(root)
    notes, problems = _read(files_of(project, read_lock(root)[1]), progress)
    figures = figures_of(project, problems, options)
    uses = [(ref, f"{note.file}:{note.line}") for note in notes for ref in figure_references(note.answer)]
    progress("computing figures", 0, len(uses))
    return recheck(figures, uses) if again else survey(figures, uses)


def prune_figures(root: Path, progress: Progress) -> list[str]:
    """Remove the frozen pictures that no note uses, and return their names. Raises DeckError where that cannot be known, as for a file
    that cannot be read; then nothing was removed."""
    project = read_project(root)
    notes, problems = _read(files_of(project, read_lock(root)[1]), progress)
    figures = figures_of(project, problems, FigureOptions(execute=False))
    _stop(problems, strict=False)
    return pruned(figures, notes)


def _render(
    project: Project, notes: Sequence[Note], figures: Figures, progress: Progress
) -> tuple[list[RenderedNote], list[Problem]]:
    renderer = Renderer(
        project.root, computed(figures, notes, progress), project.base_url, project.macros, project.mathml
    )
    rendered: list[RenderedNote] = []
    problems: list[Problem] = []
    for n, note in enumerate(notes):
        progress("rendering", n, len(notes))
        result, wrong = renderer.render(note)
        rendered.append(result)
        problems += wrong
    return rendered, problems


def _identify(
    project: Project, rendered: Sequence[RenderedNote], old: Lock, now: int, retire: Sequence[Path]
) -> tuple[list[RenderedNote], Stamped]:
    """The next lock, and the notes with the cards of pictures numbered as the lock has them."""
    prints = [fingerprint(item.note) for item in rendered]
    old = with_one_state(old, prints)
    found = reconcile(prints, old.notes, project.id)
    if found.doubts:
        raise DeckError(_doubt(project, rendered[prints.index(doubt.note)].note, doubt) for doubt in found.doubts)
    if lost := list(many_retired(project, found.gone, old, retire)):
        raise DeckError(lost)
    kinds = {item.note.kind for item in rendered}
    types = {kind: note_type(kind, project.mathml).digest() for kind in Kind if kind in kinds}
    numbers = [numbered(item.parts, entry.parts if entry else {}) for item, entry in zip(rendered, found.entries)]
    rendered = [masked(item, cards) if item.parts else item for item, cards in zip(rendered, numbers)]
    old = replace(old, made_for=(MadeFor(project.id, deck_name(project.name)),))
    return rendered, stamp(prints, [content_of(item) for item in rendered], found, types, old, now, numbers)


def _doubt(project: Project, note: Note, doubt: Doubt) -> Problem:
    """Both sides and where they stand, and the commands that settle it, to be copied."""
    lock_path = project.root / LOCK_FILE
    text, _ = read_lock(project.root)
    sides = [f"“{entry.question}” of {entry.file} ({lock_path}:{line_of(entry.guid, text)})" for entry in doubt.entries]
    place = shlex.quote(f"{note.file}:{note.line}")
    commands = [*(f"deckgen lock same {entry.guid} {place}" for entry in doubt.entries), f"deckgen lock new {place}"]
    return Problem(
        note.file,
        note.line,
        1,
        Severity.ERROR,
        "identity-doubt",
        f"is “{doubt.note.question}” a new note, or an edited one that stands here no longer: {' or '.join(sides)}?",
        " or: ".join(commands),
    )


def _package_deck(project: Project, rendered: Sequence[RenderedNote], stamped: Stamped) -> PackageDeck:
    notes = tuple(
        PackageNote(
            entry.guid,
            item.note.kind,
            tuple(item.fields.values()),
            item.note.tags,
            item.note.deck,
            entry.mod,
            card_ordinals(item.note.kind, item.fields),
        )
        for item, entry in zip(rendered, stamped.entries)
    )
    media = {media.name: media for item in rendered for media in item.media}
    if project.mathml:
        media[MATH_FONT.name] = MATH_FONT
    kinds = {note.kind for note in notes}
    return PackageDeck(
        project.id,
        deck_name(project.name),
        about(project),
        notes,
        tuple(media.values()),
        {entry.notetype: entry.mod for entry in stamped.lock.types if entry.notetype in kinds},
        project.mathml,
    )


def _faults(deck: PackageDeck, notes: Sequence[Note]) -> Iterator[Problem]:
    for index, message in faults(deck.notes, deck.media):
        file, line = (notes[index].file, notes[index].line) if index is not None else (deck.name, 0)
        yield Problem(file, line, 1 if line else 0, Severity.ERROR, "package-invalid", message)


def _stop(problems: Sequence[Problem], strict: bool) -> None:
    """Raise what stops a build: errors, and under `strict` warnings as well."""
    if strict:
        problems = raised(problems)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise DeckError(problems)


def raised(problems: Iterable[Problem]) -> list[Problem]:
    """The problems with warnings made errors, as `--strict` wants them."""
    return [replace(p, severity=Severity.ERROR) if p.severity is Severity.WARNING else p for p in problems]
