"""Real note files of many dialects, where they are at hand: DECKGEN_CORPUS names the folder with gold.json and files/.

A file agrees where the notes are as many as expected, each question begins as expected (60 characters), and samples of the answers hold what they
must, and nothing of what no card may hold.
"""

import hashlib
import html
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from decks import DECK_TOML, run, write_deck
from engine import collection, import_package, render_errors

FOLDER = Path(os.environ.get("DECKGEN_CORPUS", "no-corpus"))
NAMES = "DECKGEN_CORPUS names no folder with gold.json: the real note files are not tried"
FEWEST = 28


def text(fragment: str) -> str:
    attributes = " ".join(re.findall(r'(?:src|href|alt|title)="([^"]*)"', fragment))
    return re.sub(r"<[^>]+>", "", re.sub(r"<!--.*?-->", "", fragment, flags=re.S)) + "\n" + attributes


def folded(source: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(source)).strip()


def is_question(found: str, wanted: str) -> bool:
    beginning = folded(found)[:60]
    return beginning.strip() == folded(wanted) or hashlib.sha256(beginning.encode()).hexdigest()[:16] == wanted


def faults(notes: list[dict[str, Any]], gold: dict[str, Any]) -> Iterator[str]:
    if len(notes) in gold["acceptable_alternatives"]:
        return
    if len(notes) != gold["expected_cards"]:
        yield f"{len(notes)} notes, not {gold['expected_cards']}"
        return
    for note, question in zip(notes, gold["questions"]):
        if not is_question(note["question"], question):
            yield f"{note['question'][:60]!r} is not {question!r}"
    for sample in gold["samples"]:
        back = folded(text(notes[sample["card"] - 1]["back"]))
        if folded(sample["must"]) not in back or (sample["must_not"] and folded(sample["must_not"]) in back):
            yield f"note {sample['card']} has another answer"
    for never in gold["never_in_any_card"]:
        if any(never in html.unescape(text(note["front"] + note["back"])) for note in notes):
            yield f"a card holds {never!r}"


@pytest.mark.skipif(not (FOLDER / "gold.json").exists(), reason=NAMES)
def test_real_files_are_read_as_their_authors_meant_them():
    failed, tried = {}, 0
    for entry in json.loads((FOLDER / "gold.json").read_text("utf-8"))["files"]:
        path = FOLDER / "files" / entry["file"]
        if not path.exists():
            continue
        tried += 1
        found = list(faults(json.loads(run("list", path, "--json").stdout), entry["gold"]))
        if found:
            failed[entry["id"]] = found[:3]
    assert tried and tried - len(failed) >= FEWEST, failed


@pytest.mark.skipif(not (FOLDER / "gold.json").exists(), reason=NAMES)
@pytest.mark.parametrize("path", sorted((FOLDER / "files").glob("*")), ids=lambda path: path.name[:3])
def test_notes_of_real_files_are_imported_by_anki_or_have_an_error(path, tmp_path):
    """A deck of one file. The pictures that it names are not there, which is a warning."""
    deck = write_deck(tmp_path / "deck", {"deck.toml": DECK_TOML, "notes.md": path.read_bytes()})
    built = run("build", deck, "--out", tmp_path / "out")
    if built.returncode:
        assert re.search(r"^\S.*: error: .* \[[a-z-]+\]$", built.stderr, re.M) and "Traceback" not in built.stderr
        return
    notes = json.loads(run("list", deck, "--json").stdout)
    with collection(tmp_path / "anki") as col:
        assert import_package(col, tmp_path / "out" / "test-deck-1.0.0.apkg").new == len(notes) > 0
        assert render_errors(col) == []
