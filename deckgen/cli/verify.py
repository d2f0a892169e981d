"""The command `deckgen verify`, which tests the import of a package into Anki."""

from pathlib import Path

import click

from deckgen.cli import report
from deckgen.cli.options import PATH, json_option
from deckgen.cli.terminal import printable
from deckgen.verify.importer import Importer


@click.command()
@click.argument("new", type=PATH)
@click.option("--after", "old", type=PATH, metavar="OLD", help="The package that learners have now.")
@click.option(
    "--as",
    "importer",
    type=click.Choice([each.value for each in Importer]),
    default=Importer.DESKTOP.value,
    show_default=True,
    help="Import as the dialog of the desktop program does, or as AnkiConnect does (deckgen push).",
)
@json_option("Print the import tests and their findings as JSON.")
def verify(new: Path, old: Path | None, importer: str, as_json: bool) -> None:
    """Test the import of the package NEW in Anki's own engine.

    NEW is imported into an empty collection. With --after, it is also imported into collections that have OLD, with
    studied cards and with edited notes.
    """
    with report.needs("anki", "verify"):
        from deckgen.verify.check import check_import_tests
        from deckgen.verify.import_test import run_import_tests
        from deckgen.verify.summary import HEADS, lines, rows, verdict
        from deckgen.verify.summary import as_json as verify_json
    with report.progress("testing the import"):
        found = run_import_tests(new, old, Importer(importer))
        findings = check_import_tests(found)
    if as_json:
        report.print_json(verify_json(found, findings))
    else:
        report.print_columns(HEADS, rows(found))
        for line in lines(findings):
            click.echo(printable(line) if report.on_terminal() else line)
        click.echo(f"{new}: {verdict(findings)}")
    if report.failed(findings):
        raise SystemExit(1)
