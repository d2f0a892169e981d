"""deckgen diff: what is between two packages."""

from collections.abc import Iterable
from pathlib import Path

import click

from deckgen.cli import report
from deckgen.diff.compare import compare
from deckgen.diff.page import page
from deckgen.diff.summary import as_json as diff_json
from deckgen.diff.summary import counts, lines
from deckgen.diff.words import Change, Run
from deckgen.files import staged
from deckgen.package.read import read_package

_PACKAGE = click.Path(path_type=Path)
_PLAIN = {Change.SAME: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}"}
_STYLES = {Change.SAME: "", Change.REMOVED: "red strike", Change.ADDED: "green"}


@click.command()
@click.argument("old", type=_PACKAGE)
@click.argument("new", type=_PACKAGE)
@click.option("--json", "as_json", is_flag=True, help="The differences as JSON.")
@click.option("--html", type=_PACKAGE, metavar="FILE", help="A page that shows both sides as cards.")
def diff(old: Path, new: Path, as_json: bool, html: Path | None) -> None:
    """Show what is between the packages OLD and NEW, of whatever make."""
    if as_json and html:
        raise click.UsageError("--json and --html exclude each other")
    found = compare(read_package(old), read_package(new))
    if as_json:
        report.print_json(diff_json(found))
        return
    if html:
        with staged(html) as file:
            file.write(page(found).encode())
        click.echo(f"{html}: {counts(found)}")
        return
    click.echo(counts(found))
    _show_lines(lines(found))


def _show_lines(rows: Iterable[tuple[str, str, list[Run]]]) -> None:
    """A table on a terminal; elsewhere lines with words marked as git marks them."""
    if report.on_terminal():
        report.print_table(("", "", ""), [(what, name, [(run.text, _STYLES[run.change]) for run in runs]) for what, name, runs in rows])
        return
    for what, name, runs in rows:
        text = "".join(_PLAIN[run.change].format(run.text) for run in runs)
        click.echo(f"{what:10}{name}{': ' if name and text else ''}{text}".rstrip())
