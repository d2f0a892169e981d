"""Report losses that an author may not notice: a missing lock, a changed id or name of the deck, many retired notes."""

import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from deckgen.command_word import word
from deckgen.identity.entries import Lock, LockEntry, State
from deckgen.identity.lock import FILE
from deckgen.problems import DeckError, Problem, Severity
from deckgen.project import FILE as PROJECT_FILE
from deckgen.project import Project, deck_name, key_line

# A build may retire this number of notes of a file without an error, unless they are all its notes.
MAX_UNCONFIRMED = 3
_SCREENFUL = 20


def has_lock(root: Path) -> bool:
    """Whether the deck in the folder `root` has a lock. deckgen writes no empty one: an empty file is what is left of a lost lock."""
    path = root / FILE
    return path.exists() and path.stat().st_size > 0


def require_lock(project: Project) -> None:
    """Check that the deck has its lock. Raises DeckError if deck.toml says that there is one, and the file is missing or empty."""
    path = project.root / FILE
    if not project.lock or has_lock(project.root):
        return
    ways = [
        *([f"git checkout HEAD -- {word(path)}"] if _is_committed(project.root) else []),
        f"deckgen lock from PACKAGE {word(project.root)} takes the notes' guids from a package of this deck",
        f"deckgen build {word(project.root)} --new-lock makes a new lock: a note that was edited since its first build becomes a new note, and learners lose their progress on it",
        "if this is a copy for another deck, give it another id and remove the line lock = true",
    ]
    raise DeckError.at(
        str(project.root / PROJECT_FILE),
        f"this deck has a lock, but {path} is {'empty' if path.exists() else 'missing'}",
        code="lock-missing",
        line=key_line(project.root, "lock"),
        hint="; or: ".join(ways),
    )


def _is_committed(root: Path) -> bool:
    try:
        return not subprocess.run(
            ["git", "-C", str(root), "cat-file", "-e", f"HEAD:./{FILE}"], capture_output=True
        ).returncode
    except FileNotFoundError:
        return False


def changed_deck_problems(project: Project, lock: Lock) -> Iterator[Problem]:
    """Yield a problem if deck.toml has another id or name than the lock."""
    file = str(project.root / PROJECT_FILE)
    made = lock.made_for
    if made and project.id not in {each.deck for each in made}:
        yield Problem(
            file,
            key_line(project.root, "id"),
            1,
            Severity.ERROR,
            "deck-id",
            f"the lock was made for the deck with the id {made[0].deck}: with another id Anki would not update any note of it",
            f'write id = "{made[0].deck}"; if this is a new deck, remove {project.root / FILE} and the line lock = true',
        )
    elif made and deck_name(project.name) not in {each.name for each in made}:
        yield Problem(
            file,
            key_line(project.root, "name"),
            1,
            Severity.WARNING,
            "deck-renamed",
            f"the deck had the name {made[-1].name}: cards that learners have stay there, and new cards go to {deck_name(project.name)}",
            "learners can rename their deck in Anki before they import; the next build accepts the new name",
        )


def many_retired_problems(
    project: Project, removed: Sequence[LockEntry], lock: Lock, confirmed: Sequence[Path]
) -> Iterator[Problem]:
    """Yield an error for each file of which many notes would be retired: more than three, or all of several.

    `removed` are the entries without a note. `confirmed` are files and folders for which the author confirmed it.
    """
    had = Counter(entry.file for entry in lock.notes if entry.state is State.ACTIVE)
    lost: dict[str, list[LockEntry]] = defaultdict(list)
    for entry in removed:
        if entry.state is State.ACTIVE:
            lost[entry.file].append(entry)
    for file, entries in lost.items():
        path = project.root / file
        many = len(entries) > MAX_UNCONFIRMED or 1 < len(entries) == had[file]
        if many and not any(path.absolute().is_relative_to(each.absolute()) for each in confirmed):
            yield _would_retire(path, entries, had[file], project.root)


def _would_retire(path: Path, entries: Sequence[LockEntry], had: int, root: Path) -> Problem:
    what = f"all {had}" if len(entries) == had else f"{len(entries)} of the {had}"
    why = "" if path.exists() else ", which does not exist,"
    names = [f"  {entry.question}" for entry in entries[:_SCREENFUL]]
    more = [f"  and {len(entries) - _SCREENFUL} more"] if len(entries) > _SCREENFUL else []
    return Problem(
        str(path),
        0,
        0,
        Severity.ERROR,
        "retired-many",
        "\n".join([f"{what} notes of this file{why} are no longer found and would be retired", *names, *more]),
        f"to retire them: deckgen build {word(root)} --retire {word(path)}; deckgen list shows how deckgen reads a file",
    )
