"""deckgen preview."""

from pathlib import Path

import click
from click.core import ParameterSource

from deckgen.cli import report
from deckgen.cli.options import DIR, FORMAT, NO_EXEC, json_option
from deckgen.cli.place import deck_folder
from deckgen.problems import DeckError
from deckgen.sources import read_project

_PORT = 8420
_EXTRA = "preview"


@click.command()
@DIR
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the page and all cards there as a static site.",
)
@click.option(
    "--package",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --out: a package that visitors can download.",
)
@click.option("--port", default=_PORT, show_default=True, type=click.IntRange(1, 65535), help="The port on 127.0.0.1.")
@click.option("--open/--no-open", "launch", default=True, help="Open the page in the browser.", show_default=True)
@NO_EXEC
@FORMAT
@json_option("Print the address, or the files of --out, as JSON.")
def preview(
    folder: Path | None,
    out: Path | None,
    package: Path | None,
    port: int,
    launch: bool,
    no_exec: bool,
    as_json: bool,
) -> None:
    """Show the cards of the deck in DIR in a browser.

    The page shows them again when a file is saved. By default, DIR is the deck that contains the current folder.
    """
    if package is not None and out is None:
        raise click.UsageError("--package needs --out")
    if out is not None:
        _refuse_options_of_a_server()
    folder = deck_folder(folder)
    if out is not None:
        _write(folder, out, package, as_json)
        return
    with report.needs("uvicorn", _EXTRA), report.needs("starlette", _EXTRA), report.needs("watchfiles", _EXTRA):
        from deckgen.preview.server import listen, serve
    _require_deck(folder)
    opened = listen(port)
    address = f"http://127.0.0.1:{port}/"
    if as_json:
        report.print_json({"address": address, "folder": str(folder)})
    else:
        click.echo(f"{address} shows the cards of {folder}; Ctrl+C ends it")
    if launch and report.on_terminal():
        click.launch(address)
    serve(folder, opened, execute=not no_exec)


def _refuse_options_of_a_server() -> None:
    """Raise click.UsageError if an option is given that has no meaning for files."""
    context = click.get_current_context()
    given = [name for name in ("port", "launch") if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if "port" in given:
        raise click.UsageError("--out excludes --port: it writes files, and starts no server")
    if "launch" in given and context.params["launch"]:
        raise click.UsageError("--out excludes --open: open index.html in the folder")


def _require_deck(folder: Path) -> None:
    """Raise DeckError if there is no deck. The page shows all other errors."""
    try:
        read_project(folder)
    except DeckError as error:
        if error.problems[0].code == "deck-missing":
            raise


def _write(folder: Path, out: Path, package: Path | None, as_json: bool) -> None:
    from deckgen.preview.site import write_site

    with report.needs("sphinx-mathjax-offline", _EXTRA), report.progress("writing the page"):
        snapshot = write_site(folder, out, package)
    report.show(snapshot.problems)
    if as_json:
        page = {"page": str(out / "index.html"), "notes": len(snapshot.rows)}
        report.print_json({**page, "problems": report.problems_json(snapshot.problems)})
        return
    click.echo(f"{out / 'index.html'}: {report.many(len(snapshot.rows), 'note')}")
