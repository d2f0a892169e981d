"""Writes the results of the comparison into docs/comparison.md, and the table into the README.

python tests/compare/page.py
"""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
RESULTS = FOLDER / "results.json"
PAGE = ROOT / "docs" / "comparison.md"
README = ROOT / "README.md"
_BEGIN, _END = "<!-- comparison: made by make compare -->", "<!-- end of comparison -->"
_HEADS = {
    "edit": "a question is edited",
    "move": "a note is moved to another file",
    "rebuild": "built again, no edit",
    "code": "code in an answer",
    "cloze": "formula in a cloze",
    "ids": "ids in the notes",
}
_CLOZE = {"right": "whole", "cut": "cut at `}}`", "missing": "no card"}
# What each tool says of itself, word by word, in its documentation of the compared version.
WORDS = {
    "AnkiOps": (
        "Two-way sync of notes, note types, decks and media files",
        "Sync thousands of notes in under a second",
        "Share decks on GitHub and collaborate with others",
    ),
    "yanki": (
        "When you edit a local Markdown note, Yanki makes every effort to update rather than recreate it in the Anki database so that progress is preserved.",
        "One local Markdown file always yields one Anki note.",
    ),
    "md2anki": (
        "The name of the deck and its notes will be updated on your next deck import (this works via automatic IDs, **deletions can not be tracked!**)",
        "evaluate markdown inline code/code blocks with the language prefix '='",
    ),
    "ankcompiler": (
        "`ankc check` validates decks without compiling. It reports problems as `file:line`, and can print JSON with `--format json`.",
        "`ankc uid` adds a `[^uid]` footnote to any card block that is missing one.",
    ),
    "genanki": ("Generate Anki decks programmatically",),
    "Obsidian_to_Anki": (
        "When the script successfully adds a note, it will append an ID to the Note Data. This allows you to *update existing notes by running the script again*.",
        "Apart from editing the config file, all operations of the script require Anki to be running.",
    ),
}
_TEXT = """# Comparison with other tools

`make compare` installs each tool in an environment of its own, in the version that the registry has. It gives all of them the same five notes, each in the tool's own notation. Every card is
studied in Anki's engine. Then the notes are built again without an edit, a note is moved to another file, and its question is edited. After each step the collection is read.
All rows are from one run. Tools that make packages are imported with the defaults of Anki's dialog. AnkiOps and yanki work with Anki's desktop program and AnkiConnect.
Both reach AnkiConnect through a relay that gives each request a connection of its own. Without it, AnkiConnect sometimes closed a connection that AnkiOps kept: AnkiOps reported an error, and
asked to be run again. AnkiOps can also use an add-on of its own instead of AnkiConnect, which was not tried.

{table}

- *Built again, no edit*: a note whose time of change is new overwrites the learner's own edits of it in the next import or sync, and is uploaded again by each device.
- *Code in an answer*: `{code}` in a block of code. With genanki the author's program escapes it.
- *Formula in a cloze*: `{{{{c1::${formula}$}}}}`. The first `}}}}` ends a cloze in Anki, also in a formula. With genanki the field is as the author's program wrote it.
- *Ids in the notes*: where the identity of a note is. The count is of files that the tool changed when it ran first.

## Where others are better

- **AnkiOps** and Anki change each other in both directions while Anki runs. It has tasks for language models, and commands for decks that several people edit.
- **yanki** needs no import: one command brings a folder into the running Anki, and removes notes that were deleted. Its plugin does that from Obsidian.
- **md2anki** runs code of many languages and shows its output, and writes PDF.
- **ankcompiler** has the order of new cards as a property of each card.
- **genanki** is a library: a program can make notes of any data. deckgen writes its packages with it.
- **Obsidian_to_Anki** reads any notation that a regular expression describes.

## In their own words

{words}

Obsidian_to_Anki is not measured: it is in no registry, and runs in Obsidian.
"""


def table(results: list[dict[str, str]]) -> str:
    """The results as a table, one row for each tool."""
    lines = ["| tool | " + " | ".join(_HEADS.values()) + " |", "|---" * (len(_HEADS) + 1) + "|"]
    for row in results:
        cells = [_cell(key, row[key]) for key in _HEADS]
        lines.append(f"| {row['name']} {row['version']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(key: str, value: str) -> str:
    return _CLOZE[value] if key == "cloze" else value


def words() -> str:
    """The quotations, one paragraph for each tool."""
    return "\n".join(f"- **{name}**: {' '.join(f'“{text}”' for text in texts)}" for name, texts in WORDS.items())


def page(results: list[dict[str, str]]) -> str:
    """The text of docs/comparison.md."""
    from entries import CODE, FORMULA

    return _TEXT.format(table=table(results), words=words(), code=CODE, formula=FORMULA)


def readme(text: str, results: list[dict[str, str]]) -> str:
    """The README with the table between its marks."""
    block = f"{_BEGIN}\n\n{table(results)}\n\n{_END}"
    return re.sub(rf"{_BEGIN}.*?{_END}", lambda _: block, text, flags=re.S)


if __name__ == "__main__":
    found = json.loads(RESULTS.read_text("utf-8"))
    PAGE.write_text(page(found), "utf-8")
    README.write_text(readme(README.read_text("utf-8"), found), "utf-8")
