"""deckgen fetch-media."""

from pathlib import Path

import click

from deckgen.cli import report
from deckgen.cli.options import DIR, FORMAT
from deckgen.cli.place import deck_folder
from deckgen.fetching import Limits
from deckgen.pipeline.fetching import fetch_remote_media

_MIB = 1024 * 1024


@click.command("fetch-media")
@DIR
@click.option(
    "--max-size",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="MIB",
    help="The largest file that is downloaded, in MiB.",
)
@FORMAT
@click.option("--private", is_flag=True, help="Allow addresses of this machine and of private networks.")
def fetch_media(folder: Path | None, max_size: int, private: bool) -> None:
    """Download the media at web addresses that the notes in DIR name.

    They are stored in DIR/fetched: commit it with the notes. No other command uses the network. What is there already is not
    downloaded again. By default, DIR is the deck that contains the current folder.
    """
    folder = deck_folder(folder)
    with report.progress() as progress:
        result = fetch_remote_media(folder, Limits(bytes=max_size * _MIB, private=private), progress)
    for entry in result.fetched:
        click.echo(f"{result.folder / entry.file}: {entry.address}")
    click.echo(f"{report.many(len(result.fetched), 'file')} downloaded, {result.kept} there before")
    report.show(result.problems)
    if report.failed(result.problems):
        raise SystemExit(1)
