"""Measures time and memory of an import of 20,000 notes with four fields, in a process of its own.

Bounds on two cores: 60 s and 700 MB. Otherwise the exit status is 1.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import genanki

NOTES, SECONDS, MEGABYTES = 20_000, 60, 700
WORDS = (
    "time year people way day man thing woman life child world school state family student group country problem hand part place "
    "case week company system program question work government number"
).split()
FIELDS = ("Word", "Meaning", "Example", "Notes")
FILES = 200


class Fields:
    """Makes fields as Anki's editor writes them. The same seed gives the same fields."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def text(self, words: int) -> str:
        """Some words."""
        return " ".join(self.random.choice(WORDS) for _ in range(words))

    def field(self, number: int) -> str:
        """A field: most have only text and line breaks, some have lists, colours, formulas, media or tables."""
        text, chance = self.text, self.random.random()
        if chance < 0.4:
            return text(self.random.randint(1, 6))
        if chance < 0.6:
            return f"{text(4)}<br>{text(6)} <b>{text(1)}</b>"
        if chance < 0.7:
            return f"<div>{text(5)}</div><div>{text(5)}&nbsp;<i>x</i></div>"
        if chance < 0.78:
            return f"{text(3)}<ul><li>{text(3)}</li><li>{text(4)}</li></ul>"
        if chance < 0.84:
            return f'{text(3)} <span style="color: red;">{text(2)}</span>'
        if chance < 0.9:
            return f"\\(a_{{{number}}} &lt; x^2\\) {text(3)}"
        if chance < 0.95:
            return f'<img src="p{number % FILES}.png"> {text(2)} [sound:s{number % FILES}.mp3]'
        return f"<table><tr><td>{text(1)}</td><td>{text(2)}</td></tr></table>"


def make_package(folder: Path, count: int) -> Path:
    """Write a package with sub-decks, media and tags."""
    source = Fields(1)
    template = {"name": "Card", "qfmt": "{{Word}}", "afmt": "{{FrontSide}}<hr>{{Meaning}}<br>{{Example}}{{Notes}}"}
    model = genanki.Model(1234567890, "Vocabulary", [{"name": name} for name in FIELDS], [template], ".card {}\n")
    decks = [genanki.Deck(2059400110 + n, f"Big::Part {n}") for n in range(8)]
    media = [folder / name for n in range(FILES) for name in (f"p{n}.png", f"s{n}.mp3")]
    for n, path in enumerate(media):
        path.write_bytes(b"%d" % n)
    for n in range(count):
        notes = source.field(n) if source.random.random() < 0.5 else ""
        fields = [f"{source.text(2)} {n}", source.field(n), source.field(n + 1), notes]
        decks[n % len(decks)].add_note(genanki.Note(model, fields, tags=[source.random.choice(WORDS)]))
    path = folder / "big.apkg"
    genanki.Package(decks, [str(each) for each in media]).write_to_file(str(path))
    return path


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        package = make_package(home, NOTES)
        begun = time.perf_counter()
        command = [sys.executable, "-m", "deckgen", "import", str(package), str(home / "deck")]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds, megabytes = time.perf_counter() - begun, usage.ru_maxrss / 1000
        print(f"import of {NOTES} notes: {seconds:.1f} s ({usage.ru_utime:.1f} s of the processor), {megabytes:.0f} MB")
        if status or seconds > SECONDS or megabytes > MEGABYTES:
            sys.exit(f"more than {SECONDS} s or {MEGABYTES} MB")


if __name__ == "__main__":
    main()
