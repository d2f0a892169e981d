"""The command `deckgen init`, which makes a deck of notes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from deckgen.cli import files, report
from deckgen.cli.options import FORMAT, PATH, complete_folder, json_option
from deckgen.command_word import word
from deckgen.init.create import InitResult, add_editor_files, create_deck
from deckgen.init.example import write_example
from deckgen.init.unread import exclude_line
from deckgen.problems import Problem
from deckgen.project import FILE


@click.command()
@click.argument("folder", default=".", type=PATH, metavar="[DIR]", shell_complete=complete_folder)
@click.option("--example", is_flag=True, help="Write example notes first: one of everything. DIR is new or empty.")
@click.option("--vscode", is_flag=True, help="Also write tasks and the schema of deck.toml for VS Code.")
@FORMAT
@json_option("Print what was found and written as JSON.")
def init(folder: Path, example: bool, vscode: bool, as_json: bool) -> None:
    """Make a deck of the notes in DIR.

    The command reads the notes and writes DIR/deck.toml. It also writes workflows for the repository on GitHub.
    If DIR is a deck already, --vscode only adds the files of VS Code.
    """
    with report.progress("reading"):
        example_files = write_example(folder) if example else ()
        existing = vscode and (folder / FILE).is_file()
        created = add_editor_files(folder) if existing else create_deck(folder, vscode=vscode)
    created = replace(created, written=(*example_files, *created.written))
    problems = [problem for file in created.unread for problem in file.problems]
    if as_json:
        report.show(problems)
        report.print_json(_json(created, problems))
        return
    for line in files.lines([file.report for file in created.files]):
        click.echo(line)
    for name in created.written:
        click.echo(f"{name} written")
    for kept in created.kept:
        lacking = f"; it lacks {', '.join(kept.missing_lines)}" if kept.missing_lines else ""
        click.echo(f"{kept.file} exists and was not changed{lacking}")
    report.show(problems)
    if created.existed:
        return
    notes = report.many(sum(file.notes for file in created.files), "note")
    if patterns := exclude_line((file.report for file in created.files), created.unread):
        click.echo(f"to leave out the files without notes, set in deck.toml: {patterns}")
    command = "build" if any(file.notes for file in created.files) else "check"
    click.echo(f"{created.path} written: {created.name!r}, {notes}. Next: deckgen {command} {word(folder)}")


def _json(created: InitResult, problems: Sequence[Problem]) -> dict[str, Any]:
    return {
        "deck_toml": str(created.path),
        "name": created.name,
        "notes": sum(file.notes for file in created.files),
        "files": [
            {"file": file.report.file, "dialect": file.report.dialect, "why": file.report.why, "notes": file.notes}
            for file in created.files
        ],
        "written": [*created.written, *([] if created.existed else [str(created.path)])],
        "kept": [{"file": each.file, "missing_lines": list(each.missing_lines)} for each in created.kept],
        "problems": report.problems_json(problems),
    }
