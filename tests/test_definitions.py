"""Test which definitions of a file a note gets, and which are in no note."""

import pytest

from deckgen.parse import parse
from deckgen.parse.definitions import definitions
from deckgen.parse.document import document_of
from deckgen.parse.file_report import file_report
from deckgen.parse.meta import Settings
from deckgen.render import FieldRenderer, RenderOptions
from deckgen.render.input import render_input


def read(text: str):
    return parse(text.encode(), "a.md", "a.md", Settings())


def backs(text: str) -> list[str]:
    """The HTML of the answers."""
    settings, renderer = Settings(), FieldRenderer()
    notes = read(text).notes
    values = [render_input(note, settings.notetypes[note.kind], RenderOptions(), ()) for note in notes]
    return [renderer.render(value)[0].shown("answer") for value in values]


def unused(text: str) -> list[str]:
    """What is left out of the file, without headings and signs."""
    return [each.text for each in file_report("a.md", read(text)).left_out if each.kind == "definition"]


TWO = "## What is a?\n\nOne[^1] and [x].\n\n{}## What is b?\n\nTwo[^1] and [x].\n\n{}"


def test_a_definition_below_a_note_is_taken_before_others_of_the_same_name():
    text = TWO.format("[^1]: First.\n\n[x]: https://a.example/\n\n", "[^1]: Second.\n[x]: https://b.example/\n")
    one, two = backs(text)
    assert "First." in one and "https://a.example/" in one and "Second." not in one and "b.example" not in one
    assert "Second." in two and "https://b.example/" in two and "First." not in two and "a.example" not in two
    assert unused(text) == []


def test_of_several_elsewhere_the_last_is_taken_and_the_others_are_left_out():
    text = TWO.format("", "") + "# End\n\n[x]: https://a.example/\n[x]: https://b.example/\n[^1]: Once.\n[^1]: Again.\n"
    for html in backs(text):
        assert "b.example" in html and "Again." in html
    assert unused(text) == ["[x]: https://a.example/", "[^1]: Once."]


def test_definitions_that_definitions_refer_to_are_taken():
    [html] = backs("## What is a?\n\nOne.[^1]\n\n[^1]: See [x].\n[x]: https://a.example/\n")
    assert '<a href="https://a.example/">x</a>' in html


def test_names_of_footnotes_and_abbreviations_have_a_case():
    text = "## What is a?\n\nOne[^a], two[^A].\n\n[^a]: Small.\n[^A]: Large.\n"
    [html] = backs(text)
    assert "Small." in html and "Large." in html


def test_a_definition_inside_of_an_answer_is_used_if_the_rest_refers_to_it():
    assert unused("## What is a?\n\nOne.[^1]\n\n[^1]: Note.\n\nTwo.\n") == []
    assert unused("## What is a?\n\nOne.\n\n[^1]: Note.\n\nTwo.\n") == ["[^1]: Note."]
    assert unused("## What is a?\n\nOne.[^1]\n\n[^1]: Note.\n\nTwo.\n\n[^1]: Later.\n\nThree.\n") == ["[^1]: Note."]


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("See [a[b] there.", "[a[b]"),
        ("the * of", "*[*]"),
        ("xHTMLx", "*[HTML]"),
        ("[A B] [a b]", "[a b]"),
        ("字母表", "*[母]"),
    ],
)
def test_a_label_is_found_anywhere_and_in_any_case(answer, label):
    text = f"## What is a?\n\n{answer}\n\n{label}: https://a.example/\n"
    [note] = read(text).notes
    assert note.definitions == f"{label}: https://a.example/"
    assert unused(text) == []


def test_labels_are_counted_once_for_each_place():
    known = definitions(document_of(b"[aa]: x\n\n*[a]: y\n\n*[aaa]: z\n", "a.md", "a.md"))
    assert known._labels.counts("[aa] aaaa") == {"[aa]": 1, "a": 6, "aaa": 2}


@pytest.mark.parametrize(
    ("footnote", "end"),
    [
        ("First.\n\n    Second [x].\n\n    Third.", ""),
        ("First,\nSecond [x],\n`wrapped`.\n\n    Third.", ""),
        ("First.\n    Second [x].\n\n\tThird.", "[y]: https://b.example/"),
    ],
)
def test_a_note_gets_all_lines_of_a_footnote(footnote, end):
    text = f"## What is a?\n\nOne.[^1]\n\n## What is b?\n\nTwo.\n\n[^1]: {footnote}\n{end}\n[x]: https://a.example/\n"
    one, two = backs(text)
    assert "First" in one and ">x</a>" in one and "Third" in one
    assert two == "<p>Two.</p>"
    assert unused(text) == ([end] if end else [])


@pytest.mark.parametrize("below", ["Source: a book", "- an item", "2. an item", "# A heading", "$$x$$", "\nText"])
def test_a_footnote_ends_before_what_is_no_part_of_it(below):
    known = definitions(document_of(f"[^1]: Note.\n{below}\n".encode(), "a.md", "a.md"))
    assert known.lines == {1}


def fronts(text: str) -> list[str]:
    """The HTML of the questions, with what is given."""
    settings, renderer = Settings(), FieldRenderer()
    values = [render_input(each, settings.notetypes[each.kind], RenderOptions(), ()) for each in read(text).notes]
    return [renderer.render(value)[0].shown("question") for value in values]


def test_a_question_uses_the_link_targets_of_its_file():
    text = "## What is in [this book][b]?\n\nA story.\n\n## Which [one] is it?\n\nThat [one].\n\n[one]: https://one.example/\n"
    one, two = fronts(text + '[b]: https://b.example/ "Book" <!-- hidden -->\n')
    assert one == 'What is in <a href="https://b.example/" title="Book">this book</a>?'
    assert two == 'Which <a href="https://one.example/">one</a> is it?'
    assert unused(text + "[b]: https://b.example/\n[c]: https://c.example/\n") == ["[c]: https://c.example/"]


def test_what_is_given_and_the_source_use_the_link_targets_of_the_file():
    text = "## Which is it?\n\nOne of [these][t].\n\n### Answer\n\nThe first.\n\nSource: [A book][b]\n\n"
    text += "## What is next?\n\nThe second.\n\n[t]: https://t.example/\n[b]: https://b.example/\n"
    assert '<p>One of <a href="https://t.example/">these</a>.</p>' in fronts(text)[0]
    note = read(text).notes[0]
    value = render_input(note, Settings().notetypes[note.kind], RenderOptions(), ())
    assert FieldRenderer().render(value)[0].shown("source") == '<a href="https://b.example/">A book</a>'


def test_a_question_shows_no_footnote_and_no_abbreviation():
    text = "## Is HTML a language[^1]?\n\nYes.\n\n*[HTML]: Hypertext\n[^1]: A note.\n"
    assert fronts(text) == ["Is HTML a language[^1]?"] and len(unused(text)) == 2


@pytest.mark.parametrize(
    "line", ["[b]: https://b.example/ a book", "[b]: <a book>", '[b]: https://b.example/ "Book" 2']
)
def test_a_line_that_is_no_link_target_is_not_shown_in_a_question(line):
    text = f"# On [this book][b]\n\n## What is in [this book][b]?\n\nA story.\n\n{line}\n"
    assert fronts(text) == ["What is in [this book][b]?"] and unused(text) == [line]
