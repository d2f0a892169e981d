"""The command `deckgen fetch-media`, which downloads media."""

from pathlib import Path
from typing import Any

import click

from deckgen.cli import report
from deckgen.cli.options import DIR, FORMAT, json_option
from deckgen.cli.place import deck_folder
from deckgen.fetching import FetchResult, Limits
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
@json_option("Print what was downloaded as JSON.")
@click.option("--private", is_flag=True, help="Allow addresses of this machine and of private networks.")
def fetch_media(folder: Path | None, max_size: int, private: bool, as_json: bool) -> None:
    """Download the media at web addresses that the notes in DIR name.

    They are stored in DIR/fetched: commit it with the notes. No other command uses the network. What is there already is not
    downloaded again. By default, DIR is the deck that contains the current folder.
    """
    folder = deck_folder(folder)
    with report.progress() as progress:
        result = fetch_remote_media(folder, Limits(bytes=max_size * _MIB, private=private), progress)
    if as_json:
        report.print_json(_json(result))
    else:
        for entry in result.fetched:
            click.echo(f"{result.folder / entry.file}: {entry.address}")
        click.echo(f"{report.many(len(result.fetched), 'file')} downloaded, {result.kept} there before")
    report.show(result.problems)
    if report.failed(result.problems):
        raise SystemExit(1)


def _json(result: FetchResult) -> dict[str, Any]:
    return {
        "folder": str(result.folder),
        "fetched": [
            {"address": entry.address, "file": str(result.folder / entry.file), "sha256": entry.sha256}
            for entry in result.fetched
        ],
        "kept": result.kept,
        "problems": report.problems_json(result.problems),
    }
