"""The command `deckgen lock`: decide about single notes, and restore a lost lock."""

from collections.abc import Sequence
from pathlib import Path

import click

from deckgen.cli import report, restored
from deckgen.cli.options import PATH, json_option
from deckgen.cli.place import deck_folder
from deckgen.lock_resolution import confirm_translation, declare_new, declare_same
from deckgen.restore import restore_lock

_JSON = json_option("Print the message of each note as JSON.")


@click.group()
def lock() -> None:
    """Decide whether a note is new or an edited older one, and whether a translation fits. Restore a lost lock."""


@lock.command("same")
@click.argument("old")
@click.argument("new")
@_JSON
def lock_same(old: str, new: str, as_json: bool) -> None:
    """Record that the note at NEW (FILE:LINE) is an edited version of the note OLD (a guid)."""
    _show([(new, declare_same(old, new))], as_json)


@lock.command("new")
@click.argument("note")
@_JSON
def lock_new(note: str, as_json: bool) -> None:
    """Record that the note at NOTE (FILE:LINE) is new."""
    _show([(note, declare_new(note))], as_json)


@lock.command("confirm")
@click.argument("notes", nargs=-1, required=True, metavar="NOTE...")
@_JSON
def lock_confirm(notes: tuple[str, ...], as_json: bool) -> None:
    """The translation at each NOTE (FILE:LINE) fits its original, which has changed, as it is."""
    _show([(note, confirm_translation(note)) for note in notes], as_json)


def _show(done: Sequence[tuple[str, str]], as_json: bool) -> None:
    """Print what became of each note. The notes are given by their places."""
    if as_json:
        report.print_json([{"note": note, "message": message} for note, message in done])
        return
    for _, message in done:
        click.echo(message)


@lock.command("from")
@click.argument("where", nargs=-1, required=True, type=PATH, metavar="PACKAGE... [DIR]")
@json_option("Print what the lock contains as JSON.")
def lock_restored(where: tuple[Path, ...], as_json: bool) -> None:
    """Restore the lock of the deck in DIR from packages that the deck made.

    By default, DIR is the deck that contains the current folder. Each note gets the guid, the time of change and
    the card numbers that it has in the package. If several packages have a note, the newest version counts.
    """
    folder = deck_folder(where[-1] if where[-1].is_dir() else None)
    packages = where[:-1] if where[-1].is_dir() else where
    if not packages:
        raise click.UsageError("name a package")
    with report.progress() as progress:
        done = restore_lock(packages, folder, progress)
    restored.show(done, as_json)
    if done.doubts:
        raise SystemExit(1)
