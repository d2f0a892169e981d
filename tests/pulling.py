"""A deck, an editor who changes notes in Anki, and a learner who does not: what tests of `deckgen pull` share.

The deck is built on day 0, edited in Anki on day 1, and pulled on day 2. It is built again on day 3.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from anki.collection import Collection
from anki.notes import Note
from decks import build, package_of, run, write_deck
from engine import Imported, collection, import_package, schedules, study

NOW = 1_700_000_000
DAY = 86_400


@dataclass
class Editing:
    """The folder of a deck, and the folders of two collections that imported it."""

    folder: Path

    @property
    def deck(self) -> Path:
        return self.folder / "notes"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def editor(self) -> Path:
        return self.folder / "editor"

    @property
    def learner(self) -> Path:
        return self.folder / "learner"

    def build(self, day: int) -> Path:
        """Build the deck, which must succeed, and return the package."""
        return package_of(build(self.deck, self.out, NOW + day * DAY))

    def pull(self, *options: object, where: Path | None = None, day: int = 2):
        """Pull from the collection of the editor, or from `where`."""
        return run(
            "pull", self.deck.name, "--from", where or self.editor.name, "--out", self.out.name, *options,
            now=NOW + day * DAY, cwd=self.folder,
        )  # fmt: skip

    def import_into(self, folder: Path, package: Path) -> Imported:
        """Import a package into a collection. The schedules of all its cards must stay."""
        with collection(folder) as col:
            before = schedules(col)
            imported = import_package(col, package)
            after = schedules(col)
        assert {key: after.get(key) for key in before} == before
        return imported

    def texts(self) -> dict[str, str]:
        """Path in the deck → text, for all note files."""
        return {path.relative_to(self.deck).as_posix(): path.read_text() for path in sorted(self.deck.rglob("*.md"))}


def new_editing(folder: Path, files: dict[str, str | bytes]) -> Editing:
    """Write a deck, build it, and import it into the collections of the editor and of the learner, who study it."""
    made = Editing(folder)
    write_deck(made.deck, files)
    package = made.build(0)
    with collection(made.editor) as col:
        import_package(col, package)
        study(col, 2)
    shutil.copytree(made.editor, made.learner)
    return made


def find(col: Collection, question: str) -> Note:
    """Return the note of which a field begins with a text."""
    notes = [col.get_note(number) for number in col.find_notes("")]
    (found,) = [note for note in notes if any(field.startswith(question) for field in note.fields[:2])]
    return found


def save(col: Collection, note: Note, day: int = 1) -> None:
    """Save an edited note as it would have been on a day."""
    col.update_note(note)
    col.db.execute("update notes set mod = ? where id = ?", NOW + day * DAY, note.id)


def edit(col: Collection, line: str) -> None:
    """Make the change of one line in a collection: see the head of the case files."""
    verb, _, rest = line.partition(" ")
    words = [word.strip() for word in rest.split(" | ")]
    if verb == "add":
        kind, *fields = words
        notetype = next(each for each in col.models.all() if each["name"].endswith(f"({kind})"))
        note = col.new_note(notetype)
        for field in fields:
            name, _, value = field.partition("=")
            if name == "Tags":
                note.tags = value.split()
            else:
                note[name] = value
        col.add_note(note, col.decks.id("Test Deck"))
        col.db.execute("update notes set mod = ?, guid = ? where id = ?", NOW + DAY, f"made-{len(fields)}", note.id)
        return
    note = find(col, words[0])
    if verb == "delete":
        col.remove_notes([note.id])
    elif verb == "move":
        col.set_deck([card.id for card in note.cards()], col.decks.id(words[1]))
    elif verb == "tags":
        changes = words[1].split()
        note.tags = [tag for tag in note.tags if f"-{tag}" not in changes] + [
            tag[1:] for tag in changes if tag[0] == "+"
        ]
        save(col, note)
    else:
        assert verb == "edit", line
        old, new = (text.strip(" ").replace("\\n", "\n") for text in words[2].split("=>"))
        assert old in note[words[1]], note[words[1]]
        note[words[1]] = note[words[1]].replace(old, new)
        save(col, note)
