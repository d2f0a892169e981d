"""Writes docs/reference/ from the code: the commands, the values of deck.toml and front matter, the dialects, the note types."""

import inspect
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
from msgspec import NODEFAULT
from msgspec.structs import fields

from deckgen.cli import main
from deckgen.lint import LINTS
from deckgen.parse import Parsed, parse_file
from deckgen.parse.dialects import DIALECTS, Dialect
from deckgen.parse.meta import Settings
from deckgen.project import Project
from deckgen.project_rules import REQUIRED, rules_of

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "reference"
CASES = ROOT / "tests" / "cases"
_ROLES = {
    "question": "the question, or the title of a cloze note",
    "answer": "the answer",
    "source": "the source of the answer, in small print",
    "section": "the headings above the note",
    "id": "the id that the author wrote",
    "status": "the notice on a retired note",
    "reversed": "a mark if the note has a reversed card",
    "typed": "a mark if the learner types the answer",
    "hint": "a hint that the learner can open",
    "spare": "nothing: Anki refuses to update notes if their type gets a field, so one is ready",
    "masks": "the masks of the picture",
    "picture": "the picture",
}
_MADE = "This page is made from the code by `make reference`. Change the code, not the page."


def pages() -> dict[Path, str]:
    """Path → text of each page."""
    made = {"commands": commands(), "deck-toml": deck_toml(), "dialects": dialects(), "note-types": note_types()}
    return {FOLDER / f"{name}.md": "\n".join(lines) + "\n" for name, lines in made.items()}


def commands() -> list[str]:
    """The page of the commands."""
    lines = ["# Commands", "", _MADE, ""]
    lines += [
        "The exit status is 0 if the command did its work, 1 if it found problems, 2 if it was used in a wrong way.",
        "Problems are printed on standard error as `path:line:column: severity: message (hint) [code]`; [Problems](../problems.md)",
        "describes the codes. Results are printed on standard output.",
        "",
    ]
    # click stores the option for help with the first context of a command. With other names, `-h` would be lost.
    context = click.Context(main, info_name="deckgen", **main.context_settings)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        lines += _command(command, click.Context(command, context, info_name=name), "##")
    return lines[:-1]


def _command(command: click.Command, context: click.Context, mark: str) -> Iterator[str]:
    """A section with the usage, the help and the options of a command, and sections with its own commands."""
    yield f"{mark} {context.command_path}"
    yield ""
    yield "```text"
    yield " ".join(command.get_usage(context).removeprefix("Usage: ").split())
    yield "```"
    yield ""
    yield _escaped(inspect.cleandoc(command.help or ""))
    yield ""
    # The usage shows the arguments.
    options = [each for each in command.get_params(context) if isinstance(each, click.Option)]
    records = [record for each in options if (record := each.get_help_record(context))]
    if records:
        yield "| option | what it does |"
        yield "|---|---|"
        yield from (f"| `{name}` | {_cell(text)} |" for name, text in records)
        yield ""
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _command(inner, click.Context(inner, context, info_name=name), f"{mark}#")


def deck_toml() -> list[str]:
    """The page of the keys of deck.toml and of front matter."""
    defaults = {each.name: each for each in fields(Project)}
    rows = [
        f"| `{key}` | {_cell(rule[1])} | {_default(key, defaults)} |"
        for key, rule in sorted(rules_of([each.name for each in DIALECTS], list(LINTS)).items())
    ]
    return [
        "# Keys of deck.toml",
        "",
        _MADE,
        "[deck.toml](../deck.md) describes what each key does, with an example.",
        "",
        "| key | must be | default |",
        "|---|---|---|",
        *rows,
    ]


def _default(key: str, defaults: dict) -> str:
    """The default of a key, as TOML."""
    if key in REQUIRED:
        return "required"
    default = defaults[key].default if key in defaults else NODEFAULT
    return "" if default in (NODEFAULT, None, "", (), False) else f'`"{default}"`'


def dialects() -> list[str]:
    """The page of the dialects, each with an example from its case file and the notes that deckgen reads from it."""
    lines = [
        "# Dialects, each with an example",
        "",
        _MADE,
        "The examples are inputs of the tests. [Dialects](../dialects.md) and [Dialects of other tools](../dialects-of-tools.md) describe the rules.",
        "",
    ]
    for dialect in sorted(DIALECTS, key=lambda each: each.name):
        lines += _dialect(dialect)
    return lines[:-1]


def _dialect(dialect: Dialect) -> Iterator[str]:
    path, parsed = example_of(dialect)
    fewest = "only if it is named" if dialect.named_only else f"from {dialect.fewest} on"
    yield f"## {dialect.name}"
    yield ""
    yield f"{_escaped(dialect.looks)}. Recognised: {fewest}."
    yield ""
    text = path.read_text("utf-8").rstrip("\n")
    fence = "`" * max([4, *(len(run) + 1 for run in re.findall(r"`+", text))])
    yield f"{fence}markdown"
    yield text
    yield fence
    yield ""
    yield "```text"
    yield from (f"{note.line}: {note.kind}: {note.question.source}" for note in parsed.notes)
    yield "```"
    yield ""


@cache
def _read_cases() -> list[tuple[Path, Parsed]]:
    """The case files with more than one note, as they are read without settings."""
    paths = sorted([*(CASES / "dialects").glob("*.md"), *(CASES / "parse").glob("*.md")])
    plain = (path for path in paths if not re.search(b"\r|\xef\xbb\xbf", path.read_bytes()))
    read = ((path, parse_file(path, path.name, path.name, Settings())) for path in plain)
    return [(path, parsed) for path, parsed in read if len(parsed.notes) > 1]


def example_of(dialect: Dialect) -> tuple[Path, Parsed]:
    """The case file with the dialect's name, else the shortest one that is read as the dialect: with as few problems as there is one."""
    found = [
        (len(parsed.problems), path.stem != dialect.name, len(path.read_text("utf-8")), path, parsed)
        for path, parsed in _read_cases()
        if parsed.dialect == dialect.name
    ]
    assert found, f"{dialect.name}: no case file in tests/cases/dialects has two notes of it"
    return min(found, key=lambda each: each[:4])[3:]


def note_types() -> list[str]:
    """The page of the note types, with their fields and card templates."""
    lines = [
        "# Note types",
        "",
        _MADE,
        "[Note types of your own](../note-types.md) describes the files of a note type.",
        "",
    ]
    for folder in sorted((ROOT / "deckgen" / "notetypes").glob("*/type.toml")):
        data = tomllib.loads(folder.read_text("utf-8"))
        comment = folder.read_text("utf-8").partition("\n")[0].removeprefix("# ")
        lines += [f"## {data['name']}", "", _escaped(comment), "", "| field | what it has |", "|---|---|"]
        lines += [f"| {_escaped(each['name'])} | {_ROLES[each['role']]} |" for each in data["field"]]
        cards = ", ".join(f"*{each['name']}*" for each in data["template"])
        lines += ["", f"Card templates: {cards}.", ""]
    return lines[:-1]


def _escaped(text: str) -> str:
    """Text of the code as Markdown that shows it."""
    return re.sub(r"(`[^`]*`)|([<*_\[\]])", lambda match: match[1] or f"\\{match[2]}", text)


def _cell(text: str) -> str:
    """Text as a cell of a table."""
    return _escaped(" ".join(text.split())).replace("|", "\\|")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for path, text in pages().items():
        path.write_text(text, "utf-8")
