"""Decks, tags and drafts as other tools write them: what deck.toml makes of them, and what list shows."""

import json

import pytest
from decks import DECK_TOML, build, run, write_deck

ALL = 'metadata = ["decks", "tags", "drafts"]\n'
NOTES = "\n## What is a query?\n\nA vector.\n"
NOW = 1_700_000_000


def notes_of(folder, *, settings: str = ALL, **files: str) -> list[dict]:
    """What list shows of a deck with these files, by names without `.md`; `__` stands for a folder."""
    write_deck(
        folder,
        {
            "deck.toml": DECK_TOML + settings,
            **{f"{name.replace('__', '/')}.md": text for name, text in files.items()},
        },
    )
    result = run("list", folder, "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize(
    "front, deck",
    [
        ("---\ndeck: A::B\n---\n", "A::B"),
        ("---\ncards-deck: Uni::Theory\n---\n", "Uni::Theory"),
        ("---\nanki-deck: A\n---\n", "A"),
        ("---\nanki deck: A\n---\n", "A"),
        ("---\ndeckName: A\n---\n", "A"),
        ("---\nTARGET DECK: Obsidian::STEM\nFILE TAGS: set::function\n---\n", "Obsidian::STEM"),
        ('+++\n"anki-deck" = "A"\n+++\n', "A"),
        ('---\nname = "Bible Verses"\n---\n', "Bible Verses"),
        ("---\nname: a person\n---\n", "Test Deck"),
        ("---\ncards-deck: '[[Geography]]'\n---\n", "Geography"),
        ("TARGET DECK\n2023::One\n", "2023::One"),
        ("TARGET DECK: 2023::One\n", "2023::One"),
        ("```\nTARGET DECK: x\n```\n", "Test Deck"),
        ("---\ncards-deck:\n---\n", "Test Deck"),
    ],
)
def test_deck_keys(front, deck, tmp_path):
    (note,) = notes_of(tmp_path, a=front + NOTES)
    assert note["deck"] == deck
    (note,) = notes_of(tmp_path, settings="", a=front + NOTES)
    assert note["deck"] == (deck if "\ndeck:" in front else "Test Deck")


@pytest.mark.parametrize(
    "front, tags",
    [
        ("---\ntags: [a/b, '#c/d', e f, g::h]\n---\n", ["a::b", "c::d", "e_f", "g::h"]),
        ("---\ntags: a/b, c d\n---\n", ["a::b", "c", "d"]),
        ("---\ntag: a\n---\n", ["a"]),
        ("---\nanki-tags: [bio, exam]\n---\n", ["bio", "exam"]),
        ("FILE TAGS: #one::#two x/y\n", ["one::two", "x::y"]),
        ("FILE TAGS\none two\n", ["one", "two"]),
        ("#flashcards/pnl #exam\n", ["exam", "flashcards::pnl"]),
        ("[#algorithms](./a.md) [#OOP]() [#binary tree]()\n", ["OOP", "algorithms", "binary_tree"]),
        ("---\ncategories: [Sports, Baseball]\n---\n", ["Sports::Baseball"]),
        ("---\ncategories:\n- [Sports, Baseball]\n- Rivalries\n---\n", ["Rivalries", "Sports::Baseball"]),
        ("---\ncategory: Sports\n---\n", ["Sports"]),
        ("---\ntitle: Queries\ntags:\n---\n", ["Queries"]),
        ("#include <x>\n", []),
        ("```\n#tag\n```\n", []),
        ("issue #12\n\n#12\n", []),
    ],
)
def test_tags(front, tags, tmp_path):
    (note,) = notes_of(tmp_path, a=front + NOTES)
    assert note["tags"] == tags


def test_tags_stay_as_they_are_until_deck_toml_decides(tmp_path):
    text = "---\ntags: [a/b]\ntag: c\n---\n" + NOTES + "\n#x\n"
    (note,) = notes_of(tmp_path, settings="", a=text)
    assert note["tags"] == ["a/b"] and "x" in note["back"]
    (note,) = notes_of(tmp_path, a=text)
    assert note["tags"] == ["a::b", "c", "x"] and note["back"] == "<p>A vector.</p>"


def test_the_last_line_of_an_answer_tags_its_note_alone(tmp_path):
    one, two = notes_of(tmp_path, a=f"{NOTES}\n[#a/b]() #c\n\n## What is a key?\n\n#only\n")
    assert (one["tags"], one["back"]) == (["a::b", "c"], "<p>A vector.</p>")
    assert two["tags"] == [] and "only" in two["back"], "an answer of tags alone stays"


def test_lines_of_a_deck_are_no_part_of_an_answer(tmp_path):
    (note,) = notes_of(tmp_path, a=f"{NOTES}\n---\n\nDECK INFO\n\nTARGET DECK: A::B\n\nFILE TAGS: x\n")
    assert (note["deck"], note["tags"], note["back"]) == ("A::B", ["x"], "<p>A vector.</p>")


def test_two_decks_are_reported_at_the_second(tmp_path):
    write_deck(tmp_path, {"deck.toml": DECK_TOML + ALL, "a.md": f"---\ndeck: A\n---\nTARGET DECK: B\n{NOTES}"})
    result = run("check", "a.md", cwd=tmp_path)
    assert result.stderr == (
        "a.md:4:1: warning: TARGET DECK names the deck B, and deck the deck A "
        "(deck counts; remove the other) [deck-named-twice]\n"
    )


@pytest.mark.parametrize(
    "mark",
    [
        "---\ndraft: true\n---\n",
        "+++\ndraft = true\n+++\n",
        "---\npublish: false\n---\n",
        "---\npublished: false\n---\n",
        '---\ndraft: "true"\n---\n',
        "---\ntags: [a, draft]\n---\n",
        "---\ntags: '#draft'\n---\n",
        "#draft\n",
    ],
)
def test_drafts(mark, tmp_path):
    assert [note["file"] for note in notes_of(tmp_path, a=mark + NOTES, b=NOTES)] == [str(tmp_path / "b.md")]
    result = run("check", "a.md", cwd=tmp_path)
    assert ": info: the file is left out: " in result.stderr and result.stderr.count("\n") == 1
    assert result.stdout.startswith("a.md: 0 notes, left out (")
    assert len(notes_of(tmp_path, settings='metadata = ["tags"]\n', a=mark + NOTES, b=NOTES)) == 2


@pytest.mark.parametrize("front", ["draft: false", "publish: true", "draft:", "tags: [drafting]"])
def test_what_is_no_draft(front, tmp_path):
    assert len(notes_of(tmp_path, a=f"---\n{front}\n---\n{NOTES}")) == 1


def test_a_note_can_be_a_draft(tmp_path):
    text = f"{NOTES}\n#draft\n\n## What is a key?\n\nAnother.\n"
    assert [note["question"] for note in notes_of(tmp_path, a=text)] == ["What is a key?"]
    told = run("check", "a.md", cwd=tmp_path).stderr
    assert told.startswith("a.md:2:1: info: the note “What is a query?” is left out: #draft"), told


@pytest.mark.parametrize(
    "settings, deck, tags",
    [
        ("", "Test Deck", ["S::B"]),
        ('folders = "tags"\n', "Test Deck", ["S::B", "algo::sort"]),
        ('folders = "decks"\n', "Test Deck::algo::sort", ["S::B"]),
        ('categories = "decks"\n', "Test Deck::S::B", []),
        ('categories = "none"\n', "Test Deck", []),
        ('folders = "decks"\ncategories = "decks"\nsections = "decks"\n', "Test Deck::algo::sort::S::B::Heaps", []),
    ],
)
def test_folders_categories_and_sections(settings, deck, tags, tmp_path):
    text = "---\ncategories: [S, B]\n---\n" + ("\n# Heaps\n" if "sections" in settings else "") + NOTES
    (note,) = notes_of(tmp_path, settings=settings, algo__sort__a=text)
    assert (note["deck"], note["tags"]) == (deck, tags)


def test_a_file_that_names_its_deck_is_in_no_folder_of_it(tmp_path):
    (note,) = notes_of(tmp_path, settings='folders = "decks"\n', algo__a=f"---\ndeck: X\n---\n{NOTES}")
    assert note["deck"] == "X"


def test_overrides_by_pattern(tmp_path):
    bold = "**What is a query?**\n\nA vector.\n"
    settings = 'overrides = [{files = "quiz", dialect = "bold", tags = ["q"]}, {files = "/top.md", dialect = "heading", level = 1, deck = "T"}]\n'
    notes = notes_of(tmp_path, settings=settings, quiz__a=bold, quiz__deep__b=bold, top="# Query\n\nA vector.\n")
    assert [(note["deck"], note["tags"], note["dialect"]) for note in notes] == [
        ("Test Deck", ["q"], "bold"),
        ("Test Deck", ["q"], "bold"),
        ("T", ["Query"], "heading"),
    ]


@pytest.mark.parametrize(
    "line, message",
    [
        ('metadata = ["deck"]', "metadata is not a list of some of decks, tags, drafts"),
        ('folders = "deck"', "folders is not one of tags, decks, none"),
        ("overrides = [1]", "overrides is not a list of tables, each with files = a pattern"),
        ('overrides = [{dialect = "bold"}]', "an override names no files (files = a pattern, as in exclude)"),
        ('overrides = [{files = "a", level = 9}]', "level of the override for a is not a number from 1 to 6"),
        ('overrides = [{files = "a", skip = true}]', "unknown key skip in an override (known: files, dialect, "),
        ('overrides = [{files = "a", tags = ["a b"]}]', "tags of the override for a is not a list of tags"),
    ],
)
def test_wrong_settings(line, message, tmp_path):
    write_deck(tmp_path, {"deck.toml": f"{DECK_TOML}{line}\n", "a.md": NOTES})
    result = run("check", ".", cwd=tmp_path)
    assert result.returncode == 1 and result.stderr.startswith(f"deck.toml:5:1: error: {message}"), result.stderr


def test_list_long_shows_decks_and_tags(tmp_path):
    write_deck(tmp_path, {"deck.toml": DECK_TOML + ALL, "a.md": f"---\ncards-deck: A::B\ntags: [x/y]\n---\n{NOTES}"})
    assert run("list", "--long", "a.md", cwd=tmp_path).stdout == (
        "a.md:6: basic: What is a query?\n  deck: A::B; tags: x::y\n"
    )


def test_a_deck_changes_nothing_until_deck_toml_decides(tmp_path):
    """The same files give the same notes as before, and what has no effect is told."""
    text = f"---\ncards-deck: A\npublish: false\n---\n{NOTES}"
    deck = write_deck(tmp_path / "deck", {"a.md": text})
    assert build(deck, tmp_path / "out", NOW)["added"] == 1
    told = run("check", "a.md", cwd=deck).stderr.splitlines()
    assert [line.partition(" (")[0] for line in told] == [
        "a.md:2:1: info: cards-deck: A has no effect",
        "a.md:3:1: info: publish: false has no effect",
    ]


@pytest.mark.parametrize(
    "text, told",
    [
        ("---\nQ: What?\nA: That.\n---\n", True),
        ("---\njust words\n---\n", True),
        ("---\n\nDeck: X\n\n1. What?\n\n---\n", False),
        ("---\n\njust words\n\n---\n", False),
    ],
)
def test_a_block_that_is_no_front_matter_is_text(text, told, tmp_path):
    write_deck(tmp_path, {"a.md": text + NOTES})
    result = run("check", "a.md", "--left-out", cwd=tmp_path)
    assert result.returncode == 0 and ("[front-matter-text]" in result.stderr) is told
    assert "front matter: " not in result.stdout and result.stdout.startswith("a.md: 1 note, ")
