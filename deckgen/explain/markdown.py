"""Write the table of problem codes as Markdown: one entry for the terminal, or all entries as a page."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import fill

from deckgen.explain import NOTES, Area, Entry, Example

_LANGUAGES = {"jsonl": "json", "svg": "xml", "md": "markdown", "py": "python", "toml": "toml"}
_HEAD = """# Problems

Each problem that deckgen reports has a code, which ends its message: `path:line:column: severity: message (hint) [code]`.
`deckgen explain CODE` prints the entry of a code. `deckgen explain` lists all codes.

An *error* stops the command, and nothing is written. A *warning* does not stop it. With `--strict`, and in the notes of a
release, a warning is an error. An *info* never stops a command.

This page is made from `deckgen/explain/*.toml` by `make problems`. Change the table, not the page.
"""


def page(areas: tuple[Area, ...]) -> str:
    """A page with all entries, sorted by area, and a list of the codes at its top."""
    return "\n".join([_HEAD, *_contents(areas), *(line for area in areas for line in _section(area))]) + "\n"


def entry_text(entry: Entry, area: Area) -> str:
    """The text of one entry, with all files that its example needs."""
    return "\n".join(_entry(entry, "#", area.files if entry.example and entry.example.file not in area.files else {}))


def severities(entry: Entry) -> str:
    """The severities of an entry as text: `error`, or `error or warning`."""
    return " or ".join(entry.severities)


def _contents(areas: tuple[Area, ...]) -> Iterator[str]:
    for area in areas:
        links = ", ".join(f"[{entry.code}](#{entry.code})" for entry in area.entries)
        yield fill(f"- {area.title}: {links}", 120, subsequent_indent="  ", break_on_hyphens=False)
    yield ""


def _section(area: Area) -> Iterator[str]:
    yield f"## {area.title}\n"
    if area.files:
        yield "The examples of notes have this figure:\n"
        yield from (_block(name, text) for name, text in area.files.items())
    for entry in area.entries:
        yield from _entry(entry, "###", {})
        yield ""


def _entry(entry: Entry, mark: str, files: Mapping[str, str]) -> Iterator[str]:
    yield f"{mark} {entry.code}\n\n*{severities(entry)}*: {entry.title}.\n\n{entry.meaning}\n\n**What to do.** {entry.fix}"
    if entry.example:
        yield from _example(entry.example, {**files, **entry.example.files})


def _example(example: Example, files: Mapping[str, str]) -> Iterator[str]:
    named = [name for name, text in files.items() if not text]
    around = [f"`{example.deck.strip()}` in deck.toml"] if example.deck else []
    around += [f"the file{'s' if len(named) > 1 else ''} {' and '.join(named)}"] if named else []
    yield f"\nExample{_with(around)}:\n"
    yield from (_block(name, text) for name, text in files.items() if text)
    yield f"{_block(example.file, example.input)}\nWithout the problem:\n\n{_block(example.file, example.fixed)}"


def _with(around: Sequence[str]) -> str:
    return f", with {' and '.join(around)}" if around else ""


def _block(name: str, text: str) -> str:
    """A text as a code block. The name of its file is above it, unless it is the note file."""
    head = "" if name == NOTES else f"`{name}`:\n\n"
    return f"{head}```{_LANGUAGES[name.rpartition('.')[2]]}\n{text.strip()}\n```\n"
