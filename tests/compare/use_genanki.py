"""A program with genanki's defaults, as its documentation shows: it makes a package of the files of its folder."""

import html
import sys
from pathlib import Path

import genanki

DECK = genanki.Deck(1607392319, "Compare")
for path in sorted(Path().glob("*.txt")):
    question, answer = path.read_text().split("\n", 1)
    if "{{c1::" in answer:
        text = (
            answer.replace("$", "", 1).replace("$", "", 1).replace("{{c1::", r"{{c1::\(").replace("}} of", r"\)}} of")
        )
        DECK.add_note(genanki.Note(genanki.CLOZE_MODEL, [text, ""]))
    else:
        body = answer
        if answer.startswith("<pre>"):
            body = f"<pre>{html.escape(answer.strip()[5:-6])}</pre>"
        DECK.add_note(genanki.Note(genanki.BASIC_MODEL, [question, body]))
genanki.Package(DECK).write_to_file(sys.argv[1])
