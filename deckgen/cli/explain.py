"""The command `deckgen explain`, which describes the code of a problem."""

from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem
from msgspec.structs import asdict

from deckgen.cli import report
from deckgen.cli.options import json_option

if TYPE_CHECKING:
    from deckgen.explain import Area, Entry


def _complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the codes that begin with `incomplete`."""
    from deckgen.explain import areas

    entries = [entry for area in areas() for entry in area.entries if entry.code.startswith(incomplete)]
    return [CompletionItem(entry.code, help=entry.title) for entry in entries]


@click.command()
@click.argument("code", required=False, shell_complete=_complete)
@json_option("Print the entry as JSON. Without CODE: a JSON list with one object per code.")
def explain(code: str | None, as_json: bool) -> None:
    """Explain the problems that have the code CODE. Without CODE: list all codes."""
    from deckgen.explain import areas

    if code is None:
        _list(areas(), as_json)
        return
    area, entry = _find(code)
    if as_json:
        report.print_json(
            {**_summary(area, entry), "meaning": entry.meaning, "fix": entry.fix, "example": _example(area, entry)}
        )
        return
    from deckgen.explain.markdown import entry_text

    report.print_markdown(entry_text(entry, area))


def _find(code: str) -> "tuple[Area, Entry]":
    from deckgen.explain import find, nearest

    found = find(code)
    if found is None:
        near = nearest(code)
        hint = f"did you mean {' or '.join(near)}?" if near else "`deckgen explain` lists all codes"
        raise click.UsageError(f"no problem has the code {code!r} ({hint})")
    return found


def _list(table: "tuple[Area, ...]", as_json: bool) -> None:
    if as_json:
        report.print_json([_summary(area, entry) for area in table for entry in area.entries])
        return
    width = max(len(entry.code) for area in table for entry in area.entries)
    for n, area in enumerate(table):
        if n:
            click.echo()
        click.echo(area.title)
        for entry in area.entries:
            click.echo(f"  {entry.code:{width}}  {entry.title}")


def _summary(area: "Area", entry: "Entry") -> dict[str, Any]:
    return {"code": entry.code, "area": area.title, "severities": list(entry.severities), "title": entry.title}


def _example(area: "Area", entry: "Entry") -> dict[str, Any] | None:
    if entry.example is None:
        return None
    return {**asdict(entry.example), "files": {**area.files, **entry.example.files}}
