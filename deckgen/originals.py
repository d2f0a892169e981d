"""Read the notes of the deck that another deck translates, and report the differences between the two."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from deckgen.command_word import word
from deckgen.identity.fingerprint import fingerprint
from deckgen.identity.lock import Lock, State
from deckgen.identity.original import confirmed_original, original_digest
from deckgen.identity.states import with_one_state
from deckgen.model import Note
from deckgen.parse import parse_file
from deckgen.problems import Problem, Severity
from deckgen.project import Project
from deckgen.sources import files_of, read_lock, read_project


class Originals(Struct, frozen=True):
    """The notes of the original deck in reading order. There are none if the deck is not a translation."""

    notes: tuple[Note, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    """Id of a note → its `original_digest`. Notes without an id are not here."""


def read_originals(project: Project) -> Originals:
    """Return the notes of the deck that `project` translates. Raises DeckError if that deck cannot be read."""
    if project.original is None:
        return Originals()
    original = read_project(project.original)
    files = files_of(original, read_lock(original.root)[1])
    notes = [note for file in files for note in parse_file(file.path, file.file, file.key, file.settings).notes]
    return Originals(tuple(notes), {note.id: original_digest(note) for note in notes if note.id})


def translation_problems(
    project: Project, notes: Iterable[Note], originals: Originals, lock: Lock, *, whole: bool
) -> Iterator[Problem]:
    """Yield a problem for each translation without an original and each translation of a changed original.

    If `notes` is the `whole` deck, also yield a problem for each original without a translation.
    """
    if project.original is None:
        return
    notes = tuple(notes)
    yield from _extra(project, notes, originals)
    yield from _stale(notes, originals, lock)
    if whole:
        yield from _missing(project, notes, originals)


def _extra(project: Project, notes: Iterable[Note], originals: Originals) -> Iterator[Problem]:
    for note in notes:
        if note.id not in originals.digests:
            yield Problem(
                note.file,
                *note.question.place(0),
                Severity.WARNING,
                "translation-extra",
                f"no note in {project.original} has the id {note.id}" if note.id else "the translation has no id",
                "a translation has the {#id} of the note that it translates; if that note is gone, remove this one",
            )


def _stale(notes: Sequence[Note], originals: Originals, lock: Lock) -> Iterator[Problem]:
    by_id = {note.id: note for note in originals.notes if note.id}
    prints = [(note, fingerprint(note)) for note in notes]
    joined = with_one_state(lock, [found for _, found in prints])
    entries = {entry.id: entry for entry in joined.notes if entry.id and entry.state is State.ACTIVE}
    for note, key, found in ((note, note.id, found) for note, found in prints if note.id):
        fits = confirmed_original(found, entries.get(key), originals.digests)
        if fits is not None and fits != originals.digests[key]:
            original = by_id[key]
            yield Problem(
                note.file,
                *note.question.place(0),
                Severity.WARNING,
                "translation-stale",
                f"{original.file}:{original.line} changed since it was translated",
                f"edit the translation; if it fits as it is: deckgen lock confirm {word(f'{note.file}:{note.line}')}",
            )


def _missing(project: Project, notes: Iterable[Note], originals: Originals) -> Iterator[Problem]:
    translated = {note.id for note in notes if note.id}
    for original in originals.notes:
        if original.id not in translated:
            yield Problem(
                original.file,
                *original.question.place(0),
                Severity.WARNING,
                "translation-missing",
                f"the note has no translation in {project.root}",
                f"translate it there as a note with {{#{original.id}}}"
                if original.id
                else "give it and its translation the same {#id}",
            )
