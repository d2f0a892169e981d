"""The statistics of a deck."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from deckgen.pictures import FigureOptions, Progress
from deckgen.pipeline import rendered_notes
from deckgen.problems import Problem
from deckgen.project import Project
from deckgen.sources import read_lock, read_project
from deckgen.stats.counting import NoteCounts, count_note, lengths
from deckgen.stats.history import ReleaseChanges, release_history

CONTENTS: dict[str, Callable[[NoteCounts], int]] = {
    "formulas": lambda note: note.formulas,
    "figures": lambda note: len(note.figures),
    "pictures": lambda note: note.pictures,
    "diagrams": lambda note: note.diagrams,
    "sounds": lambda note: note.sounds,
    "code blocks": lambda note: note.code_blocks,
    "tables": lambda note: note.tables,
}
"""What notes contain besides text → how many of it a note contains."""


class DeckStats(Struct, frozen=True):
    """The statistics of a deck: its notes in reading order, and its releases. `problems` are those of the notes."""

    project: Project
    notes: tuple[NoteCounts, ...]
    releases: tuple[ReleaseChanges, ...]
    problems: tuple[Problem, ...]

    @property
    def cards(self) -> int:
        """The number of cards."""
        return sum(note.cards for note in self.notes)

    @property
    def kinds(self) -> list[str]:
        """The note types that notes have, in the order of their number of notes."""
        return [kind for kind, _ in Counter(note.kind for note in self.notes).most_common()]

    @property
    def hosts(self) -> list[tuple[str, int]]:
        """The hosts of the sources, and how many notes name each. The most frequent is first."""
        return Counter(host for note in self.notes for host in note.hosts).most_common()

    def by(self, key: Callable[[NoteCounts], Any]) -> dict[Any, list[NoteCounts]]:
        """Return the notes by a key, in reading order."""
        found: dict[Any, list[NoteCounts]] = {}
        for note in self.notes:
            found.setdefault(key(note), []).append(note)
        return found


def deck_stats(root: Path, progress: Progress) -> DeckStats:
    """Return the statistics of the deck in a folder. No code of the deck runs, and nothing is written.

    Raises DeckError if the deck cannot be read.
    """
    project = read_project(root)
    lock = read_lock(root)[1]
    rendered, _, problems = rendered_notes(project, lock, progress, FigureOptions(execute=False))
    progress("counting", 0, 0)
    notes = tuple(map(count_note, rendered))
    return DeckStats(project, notes, tuple(release_history(project, lock)), tuple(sorted(problems)))


def as_json(stats: DeckStats) -> dict[str, Any]:
    """Return the statistics as `--json` prints them."""
    return {
        "name": stats.project.name,
        "version": stats.project.version,
        "notes": len(stats.notes),
        "cards": stats.cards,
        "kinds": [{"kind": kind, **_sizes(notes)} for kind, notes in stats.by(lambda note: note.kind).items()],
        "sections": [
            {"section": list(section), **_sizes(notes)}
            for section, notes in stats.by(lambda note: note.section).items()
        ],
        "tags": dict(sorted(Counter(tag for note in stats.notes for tag in note.tags).items())),
        "lengths": {
            "question": asdict(lengths([note.question for note in stats.notes])),
            "answer": asdict(lengths([note.answer for note in stats.notes])),
        },
        "contents": {
            name: {"notes": sum(count(note) > 0 for note in stats.notes), "total": sum(map(count, stats.notes))}
            for name, count in CONTENTS.items()
        },
        "different_figures": len({figure for note in stats.notes for figure in note.figures}),
        "sources": {"notes": sum(note.sourced for note in stats.notes), "hosts": dict(stats.hosts)},
        "releases": [asdict(row) for row in stats.releases],
    }


def _sizes(notes: Iterable[NoteCounts]) -> dict[str, int]:
    notes = list(notes)
    return {"notes": len(notes), "cards": sum(note.cards for note in notes)}
