"""A new dialect or lint is one module, and a new note type is one folder. No other file of the code names it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from decks import DECK_TOML, write_deck

ROOT = Path(__file__).parents[1] / "deckgen"
DIALECT = """
from deckgen.parse.dialect import Detection, Dialect
from deckgen.parse.question import RawNote, question_text


def detect(document):
    return Detection(sum(line.text.startswith("?? ") for line in document.lines), "lines that begin with ??")


def read(document):
    for n, line in enumerate(document.lines):
        if line.text.startswith("?? "):
            question, attributes = question_text(line.text[3:], n + 1, 4)
            yield RawNote(question, attributes, document.text(n + 1, n + 1), ())


MARKED = Dialect("marked", "?? question, then a line", detect, read)
"""
LINT = """
from deckgen.lint.row import Lint
from deckgen.problems import Problem, Severity


def shouted(notes):
    for item in notes:
        if item.note.answer.source.isupper():
            yield Problem(item.note.file, item.note.line, 1, Severity.WARNING, "answer-shouted", "the answer is in capitals")


SHOUTED = Lint("answer-shouted", shouted)
"""
TYPE = """name = "Axiom"
[[field]]
name = "Statement"
role = "question"
[[field]]
name = "Reason"
role = "answer"
[[field]]
name = "Status"
role = "status"
[[template]]
name = "Reason"
front = "front.html"
back = "back.html"
"""
NOTES = "?? What is a query?\nWHAT A POSITION ASKS.\n"


@pytest.fixture(scope="module")
def deckgen(tmp_path_factory):
    """A function that runs a copy of the code with one more dialect, lint and note type. The compiled modules are copied too."""
    code = tmp_path_factory.mktemp("code")
    shutil.copytree(ROOT, code / "deckgen", ignore=shutil.ignore_patterns("*.otf", "*.woff2"))
    (code / "deckgen/parse/dialects/marked.py").write_text(DIALECT)
    (code / "deckgen/lint/shouted.py").write_text(LINT)
    axiom = code / "deckgen/notetypes/axiom"
    axiom.mkdir()
    (axiom / "type.toml").write_text(TYPE)
    (axiom / "front.html").write_text("{{Status}}{{Statement}}")
    (axiom / "back.html").write_text("{{FrontSide}}<hr id=answer>{{Reason}}")

    def run(*arguments):
        words = [sys.executable, "-m", "deckgen", *arguments]
        return subprocess.run(words, cwd=code, capture_output=True, text=True, timeout=120)

    return run


@pytest.mark.parametrize("named", ["", 'dialect = "marked"\n'])
def test_a_module_in_the_folder_is_a_row(named, deckgen, tmp_path):
    deck = write_deck(tmp_path / "deck", {"deck.toml": f'{DECK_TOML}lint = ["answer-shouted"]\n{named}', "a.md": NOTES})
    done = deckgen("check", str(deck))
    assert f"{deck / 'a.md'}:1:1: warning: the answer is in capitals" in done.stderr
    listed = deckgen("list", str(deck))
    assert listed.stdout.endswith("a.md:1: basic: What is a query?\n"), listed.stderr


def test_a_question_can_name_the_note_type_of_a_new_folder(deckgen, tmp_path):
    notes = "# D\n\n## Why? {.axiom}\n\nSo.\n\n## What?\n\nThat.\n\n## Which?\n\n{{c1::This.}}\n"
    deck = write_deck(tmp_path / "deck", {"a.md": notes})
    listed = deckgen("list", str(deck))
    assert [line.split(": ")[1] for line in listed.stdout.splitlines()] == ["axiom", "basic", "cloze"], listed.stderr
    built = deckgen("build", str(deck), "--out", str(tmp_path / "out"))
    assert "3 added" in built.stdout, built.stderr


def test_a_message_about_an_unknown_name_lists_all_names(deckgen, tmp_path):
    deck = write_deck(tmp_path / "deck", {"deck.toml": f'{DECK_TOML}dialect = "dance"\nlint = ["x"]\n', "a.md": NOTES})
    done = deckgen("check", str(deck))
    (known,) = re.findall("dialect is not one of (.*)", done.stderr)
    assert {"bold", "collapse", "heading", "marked"} <= {*re.findall(r"[\w-]+", known)}
    assert "answer-shouted" in done.stderr and done.returncode == 1
