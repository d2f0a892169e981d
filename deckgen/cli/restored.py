"""Shows what a restored lock contains."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from deckgen.cli.report import many, print_json, problems_json
from deckgen.cli.report import show as show_problems
from deckgen.command_word import word
from deckgen.identity.reconcile import AmbiguousNote
from deckgen.problems import Problem, Severity
from deckgen.restore import RestoreResult

_SCREENFUL = 20  # names


def show(done: RestoreResult, as_json: bool) -> None:
    """Print what a restored lock contains. Notes that could not be decided are problems on standard error."""
    if as_json:
        show_problems(_doubts(done))
        print_json(_json(done))
        return
    _show_lists(done)
    show_problems(_doubts(done))
    _show_counts(done)


def _show_lists(done: RestoreResult) -> None:
    _print_names("new, not in the package", [f"{place}: {question}" for place, question in done.new])
    _print_names("retired, not in the files", [f"{guid}: {question}" for guid, question in done.removed])
    _print_names("cards of a picture that were not found in the package and get new numbers", done.cards)


def _show_counts(done: RestoreResult) -> None:
    if done.releases:
        click.echo(f"released: {', '.join(done.releases)}")
        if done.version not in done.releases:
            click.echo(
                f"deck.toml has the version {done.version}, which is not the version of a package named here; "
                "if it was released, remove the lock and name its package too"
            )
    click.echo(
        f"{done.path} written: {many(done.known, 'note')} matched, {done.changed} of them changed since, {len(done.new)} new, "
        f"{len(done.removed)} retired, {len(done.doubts)} in doubt"
    )


def _doubts(done: RestoreResult) -> Iterator[Problem]:
    """Yield a problem for each note that only the author can decide about."""
    for doubt in done.doubts:
        file, _, line = doubt.note.place.rpartition(":")
        entries = " or ".join(f"“{entry.question}”" for entry in doubt.entries)
        yield Problem(
            file,
            int(line),
            1,
            Severity.ERROR,
            "identity-doubt",
            f"is “{doubt.note.question}” a new note, or {entries} of the package, edited?",
            _commands(doubt),
        )


def _commands(doubt: AmbiguousNote) -> str:
    place = word(doubt.note.place)
    same = [f"deckgen lock same {entry.guid} {place}" for entry in doubt.entries]
    return " or: ".join([*same, f"deckgen lock new {place}"])


def _print_names(what: str, names: Sequence[str]) -> None:
    """Print each name on a line after `what`, at most a screenful."""
    for name in names[:_SCREENFUL]:
        click.echo(f"{what}: {name}")
    if len(names) > _SCREENFUL:
        click.echo(f"{what}: {len(names) - _SCREENFUL} more")


def _json(done: RestoreResult) -> dict[str, Any]:
    return {
        "lock": str(done.path),
        "matched": done.known,
        "changed": done.changed,
        "new": [{"note": place, "question": question} for place, question in done.new],
        "retired": [{"guid": guid, "question": question} for guid, question in done.removed],
        "cards": list(done.cards),
        "releases": list(done.releases),
        "problems": problems_json(_doubts(done)),
    }
