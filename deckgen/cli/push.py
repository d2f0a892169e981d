"""The command `deckgen push`, which imports a deck into a running Anki."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import click

from deckgen.ankiconnect import DEFAULT_URL, KEY_VARIABLE, Client, Connection
from deckgen.cli import push_report, report
from deckgen.cli.options import DIR, FORMAT, NO_EXEC, OUT, STRICT, json_option, now
from deckgen.cli.place import deck_and_out
from deckgen.command_word import word
from deckgen.identity.changes import SCREENFUL
from deckgen.problems import DeckError
from deckgen.push.pusher import Push, Pusher, PushOptions
from deckgen.push.retired import Retire
from deckgen.sources import read_project

_EXTRA = "preview"  # it has the library that watches files


@click.command()
@DIR
@OUT
@click.option("--watch", is_flag=True, help="Push again on each save, until Ctrl+C.")
@click.option(
    "--retire",
    type=click.Choice([each.value for each in Retire]),
    default=Retire.NONE.value,
    show_default=True,
    help="Tag the retired notes in Anki, or suspend their cards. They are never deleted.",
)
@click.option("--profile", default="", metavar="NAME", help="Refuse to push if another profile is open in Anki.")
@click.option("--url", default=DEFAULT_URL, show_default=True, help="The address of AnkiConnect.")
@STRICT
@NO_EXEC
@click.option("--verbose", is_flag=True, help="Name all notes that changed in Anki, not only the first ones.")
@FORMAT
@json_option("Print the result as JSON; with --watch a line for each push.")
def push(
    folder: Path | None,
    out: Path | None,
    watch: bool,
    retire: str,
    profile: str,
    url: str,
    strict: bool,
    no_exec: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Build the deck in DIR, import it into the running Anki, and show what changed there.

    Anki needs the add-on AnkiConnect (2055492159). If the add-on has a key, set ANKICONNECT_API_KEY. Edits that you made in
    Anki are kept. By default, DIR is the deck that contains the current folder.
    """
    folder, out = deck_and_out(folder, out)
    options = PushOptions(folder, out, Retire(retire), profile, strict, not no_exec)
    pusher = Pusher(Client(Connection(url, os.environ.get(KEY_VARIABLE, ""))), options)
    show = partial(_show, options=options, limit=None if verbose else SCREENFUL, as_json=as_json, one_line=watch)
    if watch:
        _push_on_each_save(pusher, options, show)
    elif not _push(pusher, show):
        raise SystemExit(1)


def _push_on_each_save(pusher: Pusher, options: PushOptions, show: Callable[[Push], bool]) -> None:
    """Push now and after each save, until Ctrl+C. Errors are shown, and the next save is tried."""
    with report.needs("watchfiles", _EXTRA):
        from deckgen.push.watch import saves
    click.echo(f"{options.root}: pushed on each save; Ctrl+C ends it", err=True)
    with suppress(KeyboardInterrupt):
        for _ in saves(read_project(options.root), options.out):
            try:
                _push(pusher, show)
            except DeckError as error:
                report.show(error.problems)


def _push(pusher: Pusher, show: Callable[[Push], bool]) -> bool:
    with report.progress("pushing") as progress:
        done = pusher.push(now(), progress)
    return done is None or show(done)


def _show(push: Push, options: PushOptions, limit: int | None, as_json: bool, one_line: bool) -> bool:
    """Print what a push did. False if Anki did not update a note that it should have updated."""
    missed = push_report.missed_problems(push, options.root)
    problems = [*push.built.problems, *missed]
    report.show(problems)
    if as_json:
        found = push_report.as_json(push, options.retire) | {"problems": report.problems_json(problems)}
        click.echo(json.dumps(found, ensure_ascii=False, indent=None if one_line else 1))
    else:
        for line in push_report.lines(push, options.root, options.retire, limit):
            click.echo(line)
        if not one_line:
            report.next_step(push_report.next_step(push, word(options.root)))
    return not missed
