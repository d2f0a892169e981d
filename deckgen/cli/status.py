"""The command `deckgen status`, which compares notes, lock, last release and Anki."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from deckgen.ankiconnect import DEFAULT_URL
from deckgen.cli import report
from deckgen.cli.options import DIR, json_option, now
from deckgen.cli.place import deck_and_out
from deckgen.pull.known_versions import Bases
from deckgen.status import NoteStatus, Status, deck_status

_COLUMNS = ("build", "release", "anki")


@click.command()
@DIR
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The folder with the packages of builds and releases.",
    show_default="build",
)
@click.option("--url", default=DEFAULT_URL, show_default=True, help="The address of AnkiConnect.")
@json_option("Print the state as JSON.")
def status(folder: Path | None, out: Path | None, url: str, as_json: bool) -> None:
    """Show what differs between the notes, the last build, the last release and the running Anki.

    Anki needs the add-on AnkiConnect (2055492159). Without a running Anki the other differences are shown. Nothing is written. By default,
    DIR is the deck that contains the current folder.
    """
    folder, out = deck_and_out(folder, out)
    with report.progress() as progress:
        found = deck_status(folder, now(), Bases((), out), url, progress)
    if as_json:
        report.print_json(_json(found))
        return
    for line in _summary(found):
        click.echo(line)
    if found.notes:
        click.echo()
        rows = [(note.build, note.release, note.anki, _place(note), note.question) for note in found.notes]
        report.print_columns(("build", "release", "Anki", "note", ""), rows)


def _summary(found: Status) -> Iterator[str]:
    """Yield a line for the notes, the last build, the last release and Anki."""
    yield f"notes    {report.many(found.total, 'note')} in {report.many(found.files, 'file')}"
    yield f"build    {_counts(found, 'build')} since the last build"
    release = found.release
    if release:
        day = datetime.fromtimestamp(release.time, UTC).strftime("%Y-%m-%d")
        yield f"release  {_counts(found, 'release')} since {release.release} of {day}"
    else:
        yield "release  none"
    if found.anki.problem:
        yield f"Anki     not compared: {found.anki.problem.message}"
    else:
        old = f", {found.anki.old} of older builds" if found.anki.old else ""
        yield f"Anki     {_counts(found, 'anki')}, {found.anki.same} equal{old}"


def _counts(found: Status, column: str) -> str:
    counts = found.count(column)
    return ", ".join(f"{number} {word}" for word, number in counts.items()) or "nothing changed"


def _place(note: NoteStatus) -> str:
    return f"{note.file}:{note.line}" if note.line else note.file


def _json(found: Status) -> dict[str, Any]:
    release, anki = found.release, found.anki
    return {
        "notes": found.total,
        "files": found.files,
        "release": {"version": release.release, "time": release.time} if release else None,
        "anki": {"problem": anki.problem.message if anki.problem else None, "equal": anki.same, "older": anki.old},
        "differing": [
            {
                "guid": note.guid,
                "file": note.file or None,
                "line": note.line or None,
                "question": note.question,
                **{column: getattr(note, column) or None for column in _COLUMNS},
            }
            for note in found.notes
        ],
    }
