"""Callouts that ask: `deckgen init` finds them in a vault, `deckgen pull` writes into them, and their notes keep their guids."""

import tomllib

import pytest
from decks import build_in_process, run, write_deck
from engine import collection
from pulling import NOW, edit, new_editing

from deckgen.identity.lock import load_lock
from deckgen.parse import parse
from deckgen.parse.meta import Settings

VAULT = """# Graphs

> [!question]- What is a graph?
> Vertices and edges.

> [!faq] What is a tree?

> [!success]- Answer
> A graph without cycles.
"""
IN_A_LIST = """
1. An item

   > [!help] What is a path?
   > A walk.
"""


def guids(deck) -> dict[str, str]:
    return {entry.question: entry.guid for entry in load_lock((deck / "deck.lock").read_text(), "").notes}


def test_init_finds_them_in_a_vault(tmp_path):
    files = {"a.md": VAULT, "b.md": VAULT.replace("a graph", "a node").replace("a tree", "a leaf")}
    (write_deck(tmp_path, files) / "deck.toml").unlink()
    result = run("init", ".", cwd=tmp_path)
    assert result.returncode == 0 and "a.md  callout      2" in result.stdout, result.stdout
    assert tomllib.loads((tmp_path / "deck.toml").read_text())["dialect"] == "callout"
    assert build_in_process(tmp_path, tmp_path / "out", NOW).notes == 4


def test_edits_in_anki_are_written_into_the_quotes(tmp_path):
    editing = new_editing(tmp_path / "home", {"a.md": VAULT + IN_A_LIST})
    before = guids(editing.deck)
    with collection(editing.editor) as col:
        edit(col, "edit What is a graph? | Back | edges.</p> => edges.</p><ul><li>a set</li><li>and pairs</li></ul>")
        edit(col, "edit What is a tree? | Back | cycles => loops")
        edit(col, "edit What is a tree? | Front | a tree => a <b>tree</b>")
        edit(col, "edit What is a path? | Back | walk. => walk.</p><p>Without repetition.")
    result = editing.pull()
    assert result.returncode == 0, result.stderr
    assert (
        (editing.deck / "a.md").read_text()
        == """# Graphs

> [!question]- What is a graph?
> Vertices and edges.
>
> - a set
> - and pairs

> [!faq] What is a **tree**?

> [!success]- Answer
> A graph without loops.

1. An item

   > [!help] What is a path?
   > A walk.
   >
   > Without repetition.
"""
    )
    editing.build(3)
    assert list(guids(editing.deck).values()) == list(before.values())


@pytest.mark.parametrize(
    "text",
    [
        VAULT.replace("[!question]-", "[!faq]+").replace("[!success]-", "[!done]"),
        VAULT.replace("\n\n> [!success]- Answer\n> ", "\n> "),
        VAULT.replace("[!faq] What", "[!faq]\n> What"),
        "## Introduction\n\nText.\n\n" + VAULT,
    ],
    ids=["kind", "answer", "title", "moved"],
)
def test_another_callout_around_the_same_words_is_the_same_note(text, tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": VAULT})
    build_in_process(deck, tmp_path / "out", NOW)
    before = guids(deck)
    (deck / "a.md").write_text(text)
    result = build_in_process(deck, tmp_path / "out", NOW + 9)
    assert (guids(deck), result.added, result.retired) == (before, 0, 0)


def test_callouts_in_the_answer_to_a_heading_stay_in_it(tmp_path):
    text = "# D\n\n## What is a deck?\n\nCards.\n\n> [!question] Of which kind?\n> Any.\n\n> [!faq] And which size?\n> Any.\n"
    write_deck(tmp_path, {"a.md": text})
    assert run("list", "a.md", cwd=tmp_path).stdout == "a.md:3: basic: What is a deck?\n"


@pytest.mark.parametrize("label", ["", "Q3: "])
def test_the_second_line_of_a_question_has_its_place(label, tmp_path):
    """`> ` before it is no part of the text."""
    source = f"> [!question]\n> {label}Is a loop\n> a cycle?\n>\n> Yes.\n\n{VAULT}"
    question = parse(source.encode(), "a.md", "a.md", Settings()).notes[0].question
    assert question.source == "Is a loop\na cycle?"
    assert question.place(0) == (2, 3 + len(label)) and question.place(question.source.index("a cycle")) == (3, 3)


def test_a_box_of_questions_is_no_question(tmp_path):
    inner = "> > [!question]- What is a graph?\n> > Vertices.\n>\n> > [!help] What is a tree?\n> > A graph.\n"
    text = f"> [!faq] FAQ\n{inner}\n> [!question]\n> About graphs.\n>\n{inner.replace('a ', 'no ')}"
    write_deck(tmp_path, {"a.md": text})
    result = run("list", "a.md", cwd=tmp_path)
    assert [line.split(": ")[-1] for line in result.stdout.splitlines()] == [
        "What is a graph?", "What is a tree?", "What is no graph?", "What is no tree?"
    ]  # fmt: skip
    assert "a.md:8:1: info: this text is in no note" in result.stderr and "question-missing" not in result.stderr
