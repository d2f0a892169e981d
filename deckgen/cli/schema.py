"""The command `deckgen schema`, which prints JSON schemas for editors and programs."""

import click

from deckgen.cli import report


def _complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    from deckgen.schemas import schema_names

    return [name for name in schema_names() if name.startswith(incomplete)]


@click.command()
@click.argument("name", required=False, shell_complete=_complete)
def schema(name: str | None) -> None:
    """Print the JSON schema NAME. Without NAME: list all schemas.

    The schemas are those of deck.toml, of front matter, and of what each command prints with --json.
    """
    from deckgen.schemas import read_schema, schema_names

    names = schema_names()
    if name is None:
        width = max(map(len, names))
        for each in names:
            click.echo(f"{each:{width}}  {read_schema(each)['title']}")
    elif name in names:
        report.print_json(read_schema(name))
    else:
        raise click.UsageError(f"no schema has the name {name!r} (known: {', '.join(names)})")
