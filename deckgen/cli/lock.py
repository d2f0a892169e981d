"""The command `deckgen lock`: decide about single notes, and restore a lost lock."""

from pathlib import Path

import click

from deckgen.cli import report
from deckgen.cli.options import PATH
from deckgen.cli.place import deck_folder
from deckgen.lock_resolution import confirm_translation, declare_new, declare_same
from deckgen.restore import restore_lock


@click.group()
def lock() -> None:
    """Decide whether a note is new or an edited older one, and whether a translation fits. Restore a lost lock."""


@lock.command("same")
@click.argument("old")
@click.argument("new")
def lock_same(old: str, new: str) -> None:
    """Record that the note at NEW (FILE:LINE) is an edited version of the note OLD (a guid)."""
    click.echo(declare_same(old, new))


@lock.command("new")
@click.argument("note")
def lock_new(note: str) -> None:
    """Record that the note at NOTE (FILE:LINE) is new."""
    click.echo(declare_new(note))


@lock.command("confirm")
@click.argument("notes", nargs=-1, required=True, metavar="NOTE...")
def lock_confirm(notes: tuple[str, ...]) -> None:
    """The translation at each NOTE (FILE:LINE) fits its original, which has changed, as it is."""
    for note in notes:
        click.echo(confirm_translation(note))


@lock.command("from")
@click.argument("where", nargs=-1, required=True, type=PATH, metavar="PACKAGE... [DIR]")
def lock_restored(where: tuple[Path, ...]) -> None:
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
    report.show_restored(done)
    if done.doubts:
        raise SystemExit(1)
