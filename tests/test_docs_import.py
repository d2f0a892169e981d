"""Runs the examples of docs/import.md on a package of genanki."""

import re
from pathlib import Path

import genanki
from decks import run

PAGE = Path(__file__).parents[1] / "docs" / "import.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
NOTES = [
    ("perro", "dog<br>hound", "El <i>perro</i> ladra. [sound:perro.mp3]", "Spanish::Animals", ["common"]),
    (
        "gato",
        "cat",
        '<ul><li>El gato duerme.</li><li>Los gatos <span style="color: red;">no</span> ladran.</li></ul>',
        "Spanish::Animals",
        [],
    ),
    ("ser", "to be", "", "Spanish::Verbs", []),
]


def package(folder: Path) -> None:
    model = genanki.Model(
        1607392319,
        "Vocabulary",
        fields=[{"name": "Word"}, {"name": "Meaning"}, {"name": "Example"}],
        templates=[{"name": "Card", "qfmt": "{{Word}}", "afmt": "{{FrontSide}}<hr>{{Meaning}}<p>{{Example}}</p>"}],
        css=".card { font-size: 20px; }\n",
    )
    decks = {name: genanki.Deck(2059400110 + n, name) for n, name in enumerate(("Spanish::Animals", "Spanish::Verbs"))}
    for *fields, deck, tags in NOTES:
        decks[deck].add_note(genanki.Note(model, fields, tags=tags))
    (folder / "perro.mp3").write_bytes(b"ID3")
    genanki.Package(list(decks.values()), [str(folder / "perro.mp3")]).write_to_file(str(folder / "spanish.apkg"))


def steady(output: str) -> str:
    return re.sub(r"\d+\.\d s$", "0.1 s", re.sub(r"\d+ KiB", "3 KiB", output), flags=re.M)


def test_the_examples_print_and_write_what_the_page_shows(tmp_path):
    package(tmp_path)
    for language, text in BLOCK.findall(PAGE.read_text("utf-8")):
        if language == "markdown":
            assert (tmp_path / "spanish" / "spanish-animals.md").read_text("utf-8") == text
        else:
            command, _, shown = text.partition("\n")
            result = run(*command.removeprefix("$ deckgen ").split(), cwd=tmp_path)
            assert steady(result.stdout + result.stderr) == shown
