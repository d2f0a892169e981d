"""The command `deckgen diff`, which compares two packages."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from deckgen.cli import report
from deckgen.cli.options import PATH, json_option
from deckgen.cli.terminal import has_colours, printable
from deckgen.diff.compare import compare
from deckgen.diff.heading import heading
from deckgen.diff.page import page
from deckgen.diff.summary import as_json as diff_json
from deckgen.diff.summary import counts, lines
from deckgen.diff.words import Change, WordRun
from deckgen.files import staged
from deckgen.package.read import read_package

_MARKS = {Change.SAME: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}"}
_STYLES = {Change.SAME: "", Change.REMOVED: "red strike", Change.ADDED: "green"}


@click.command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@json_option("Print the differences as JSON.")
@click.option("--html", type=PATH, metavar="FILE", help="Write a page that shows the cards of both packages.")
def diff(old: Path, new: Path, as_json: bool, html: Path | None) -> None:
    """Show the differences between the packages OLD and NEW. Any program may have made them."""
    if as_json and html:
        raise click.UsageError("--json and --html exclude each other")
    with report.progress("comparing"):
        found = compare(read_package(old), read_package(new))
    if as_json:
        report.print_json(diff_json(found))
        return
    if html:
        with staged(html) as file:
            file.write(page(found).encode())
        click.echo(f"{html}: {heading(found)}: {counts(found)}")
        return
    click.echo(f"{heading(found)}: {counts(found)}")
    _show_lines(lines(found))


def _show_lines(rows: Iterable[tuple[str, str, list[WordRun]]]) -> None:
    """Print a table in which colours mark words. Without colours, print lines with marked words, as git does."""
    if report.on_terminal() and has_colours(sys.stdout):
        report.print_table(
            ("", "", ""), [(what, name, [(run.text, _STYLES[run.change]) for run in runs]) for what, name, runs in rows]
        )
        return
    for what, name, runs in rows:
        text = "".join(_MARKS[run.change].format(run.text) for run in runs)
        line = f"{what:10}{name}{': ' if name and text else ''}{text}".rstrip()
        click.echo(printable(line) if report.on_terminal() else line)
