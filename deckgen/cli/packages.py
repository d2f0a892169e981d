"""The commands `deckgen diff` and `deckgen verify`, which compare packages and test their import into Anki."""

from collections.abc import Iterable
from pathlib import Path

import click

from deckgen.cli import report
from deckgen.diff.compare import compare
from deckgen.diff.heading import heading
from deckgen.diff.page import page
from deckgen.diff.summary import as_json as diff_json
from deckgen.diff.summary import counts, lines
from deckgen.diff.words import Change, WordRun
from deckgen.files import staged
from deckgen.package.read import read_package

_PACKAGE = click.Path(path_type=Path)
_MARKS = {Change.SAME: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}"}
_STYLES = {Change.SAME: "", Change.REMOVED: "red strike", Change.ADDED: "green"}


@click.command()
@click.argument("old", type=_PACKAGE)
@click.argument("new", type=_PACKAGE)
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
@click.option("--html", type=_PACKAGE, metavar="FILE", help="Write a page that shows the cards of both packages.")
def diff(old: Path, new: Path, as_json: bool, html: Path | None) -> None:
    """Show the differences between the packages OLD and NEW. Any program may have made them."""
    if as_json and html:
        raise click.UsageError("--json and --html exclude each other")
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
    """Print a table on a terminal. Elsewhere, print lines with marked words, as git does."""
    if report.on_terminal():
        report.print_table(
            ("", "", ""), [(what, name, [(run.text, _STYLES[run.change]) for run in runs]) for what, name, runs in rows]
        )
        return
    for what, name, runs in rows:
        text = "".join(_MARKS[run.change].format(run.text) for run in runs)
        click.echo(f"{what:10}{name}{': ' if name and text else ''}{text}".rstrip())


@click.command()
@click.argument("new", type=_PACKAGE)
@click.option("--after", "old", type=_PACKAGE, metavar="OLD", help="The package that learners have now.")
@click.option("--json", "as_json", is_flag=True, help="Print the import tests and their findings as JSON.")
def verify(new: Path, old: Path | None, as_json: bool) -> None:
    """Test the import of the package NEW in Anki's own engine.

    NEW is imported into an empty collection. With --after, it is also imported into collections that have OLD, with
    studied cards and with edited notes.
    """
    with report.needs("anki", "pip install anki"):
        from deckgen.verify.check import check_import_tests
        from deckgen.verify.import_test import run_import_tests
        from deckgen.verify.summary import HEADS, lines, rows, verdict
        from deckgen.verify.summary import as_json as verify_json
    found = run_import_tests(new, old)
    findings = check_import_tests(found)
    if as_json:
        report.print_json(verify_json(found, findings))
    else:
        report.print_columns(HEADS, rows(found))
        for line in lines(findings):
            click.echo(line)
        click.echo(f"{new}: {verdict(findings)}")
    if report.failed(findings):
        raise SystemExit(1)
