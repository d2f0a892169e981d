"""Push a package into a running Anki, and compare what Anki had before with what it has after."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from deckgen.ankiconnect import AnkiNote, Client, Guids
from deckgen.build_result import BuildResult, Reason
from deckgen.identity.lock import Lock
from deckgen.notetypes import ids_of
from deckgen.package.contents import Package
from deckgen.package.read import read_package
from deckgen.project import Project, deck_name
from deckgen.push.compare import InAnki, PushedNote, State, compare, same_notes
from deckgen.push.later import copy_with_times
from deckgen.push.looks import kept_looks
from deckgen.push.retired import Retire, RetiredNotes, retire, retired_guids, suspended_notes
from deckgen.release.names import retired_tag
from deckgen.sources import types_of

_ALL = "deck:*"


class PushResult(Struct, frozen=True):
    """What a push did: each note of the package, and the retired notes in Anki.

    `kept_looks` are the names of note types that have other templates or CSS in Anki. `suspended` are the ids in Anki of notes that were
    retired, are in the package again, and have suspended cards.
    """

    notes: tuple[PushedNote, ...]
    retired: RetiredNotes
    kept_looks: tuple[str, ...]
    suspended: tuple[int, ...]

    def count(self, state: State) -> int:
        """The number of notes with a state."""
        return sum(note.state is state for note in self.notes)


def push_package(
    client: Client, built: BuildResult, project: Project, lock: Lock, guids: Guids, how: Retire = Retire.NONE
) -> PushResult:
    """Import the package that was `built` of a deck into Anki, and return what changed there. `lock` is the deck's lock after the build.

    `guids` remembers the guids of notes in Anki from one push to the next. Raises DeckError if Anki does not answer or refuses.
    """
    path = built.package
    package = read_package(path)
    types = [ids_of(each, project.id).notetype for each in types_of(project, lock)]
    existed, before = frozenset(client.find_notes(_ALL)), client.notes_of_types(types)
    decks = {deck_name(project.name), *package.decks}
    client.import_package(path)
    anki = InAnki(existed, before, client.notes_of_types(types))
    known = _known_notes(package, anki.after, lock, guids, decks)
    notes = compare(package.notes, anki, known)
    if missed := [note for note in notes if note.state is State.MISSED]:
        anki = InAnki(existed, before, _import_missed(client, path, missed, anki.after, types))
        notes = compare(package.notes, anki, known)
    gone = {known[guid]: anki.after[known[guid]] for guid in retired_guids(lock) & known.keys()}
    retired = retire(client, gone, how, retired_tag(project))
    back = {known[each.guid] for each in built.changes if Reason.BACK in each.reasons and each.guid in known}
    return PushResult(notes, retired, kept_looks(client, package), suspended_notes(client, back))


def _known_notes(
    package: Package, after: Mapping[int, AnkiNote], lock: Lock, guids: Guids, decks: set[str]
) -> dict[str, int]:
    """Guid → id in Anki, for the notes of the package and for retired notes.

    Most notes have the content of the package. The guids of the others are read, if one of them can be a note that is looked for.
    """
    same = same_notes(package.notes, after)
    looked_for = ({note.guid for note in package.notes} | retired_guids(lock)) - same.keys()
    others = after.keys() - set(same.values())
    if not looked_for or not others:
        return same
    read = {guid: number for number, guid in guids.of(others, decks).items()}
    return same | {guid: number for guid, number in read.items() if guid in looked_for}


def _import_missed(
    client: Client, path: Path, missed: list[PushedNote], after: Mapping[int, AnkiNote], types: list[int]
) -> dict[int, AnkiNote]:
    """Import once more the notes that Anki should have updated. Return the notes in Anki afterwards.

    When a note type has a new field, Anki first adds the field to all notes, which counts as an edit of now. Then the corrections of the same package
    are older. So they get a later time.
    """
    times = [after[note.number].mod or 0 for note in missed if note.number is not None]
    with TemporaryDirectory(prefix="deckgen-push-") as folder:
        again = Path(folder) / path.name
        copy_with_times(path, [note.guid for note in missed], max(times) + 1, again)
        client.import_package(again)
    return client.notes_of_types(types)
