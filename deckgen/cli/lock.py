"""deckgen lock: decisions about single notes, and a lock that is lost."""

from pathlib import Path

import click

from deckgen.cli import report
from deckgen.cli.place import deck_folder
from deckgen.lock_resolution import confirm_translation, declare_new, declare_same
from deckgen.restore import lock_from

PATH = click.Path(path_type=Path)


@click.group()
def lock() -> None:
    """Decide whether a note is new or an edited one, and whether a translation fits. Restore a lock that is lost."""


@lock.command("same")
@click.argument("old")
@click.argument("new")
def lock_same(old: str, new: str) -> None:
    """The note at NEW (FILE:LINE) is OLD (a guid), edited."""
    click.echo(declare_same(old, new))


@lock.command("new")
@click.argument("note")
def lock_new(note: str) -> None:
    """The note at NOTE (FILE:LINE) is a new one."""
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
    """Restore the lock of the deck in DIR from a PACKAGE that it made. Without DIR: the deck around this folder.

    Each note gets the guid, the time of change and the numbers of cards that it has there. Of several packages the newest state counts.
    """
    folder = deck_folder(where[-1] if where[-1].is_dir() else None)
    packages = where[:-1] if where[-1].is_dir() else where
    if not packages:
        raise click.UsageError("name a package")
    with report.progress() as progress:
        done = lock_from(packages, folder, progress)
    report.show_restored(done)
    if done.doubts:
        raise SystemExit(1)
