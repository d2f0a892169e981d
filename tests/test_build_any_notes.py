"""Build decks of any text: the result is a package that Anki imports whole, or problems with their places. No word is lost unsaid."""

import json
import re
import tempfile
from pathlib import Path

import pytest
from decks import PIXEL, run, write_deck
from engine import collection, import_package, render_errors
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pieces import FRONT, NOTES, OTHERS, with_words

from deckgen.package.read import read_package

PROBLEM = re.compile(r"[^\n:]+(?::(?P<line>\d+):\d+)?: (?P<severity>error|warning|info): .+ \[[a-z][a-z-]+\]")
# Signs of Markdown, HTML, TeX and Anki, blanks of all kinds, letters that are joined or written from right to left.
SIGNS = "\\`*_{}[]()#+-.!<>&$=~^:|?%'\"/;, \t\n@" + "é字か\u0301ن\u202e\u200b\u200d😀\u00a0\u3000\u2028\x85"
SNIPPETS = (
    "<b>@", "</div>", "<p @>", "&lt;@&gt;", "&#x40;@", "<![CDATA[@]]>", "<?@?>", "<!DOCTYPE @>", "<script>@</script>", "<img src=a.png alt=@>",
    "![@](a.png)", "![@](none.png)", "[@][@]", "[sound:@.mp3]", "[latex]@[/latex]", "[$]@[/$]", r"\(@\)", r"\[@\]", r"$\frac{@}{2}$", "$@", "$$@$$",
    "{{c1::@}}", "{{c1::@::@}}", "{{c2::@ {{c1::@}}}}", "{{c0::@}}", "{{c1::@", "{{@}}", "{{#@}}", "{{FrontSide}}", "`@`", "``@` `", "```\n@\n",
    "~~~ @", "- [ ] @", "1. @", "\t@", "> @", "***@***", "__@_", "==@==", "H~@~", "x^@^", "<https://@.org>", ":@:", "\\@", "@  \n@", "{.@}", "{: @=@}",
)  # fmt: skip
NOISE = st.one_of(
    st.text(SIGNS, min_size=1, max_size=30), st.lists(st.sampled_from(SNIPPETS), max_size=4).map(" ".join)
)
OPTIONS = settings(deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def note_files(draw) -> tuple[str, list[str]]:
    """A note file, and its words: pieces of one or two ways of writing questions, others between them, and noise in some of them."""
    usual = draw(st.lists(st.sampled_from(NOTES), min_size=1, max_size=2))
    pieces = draw(st.lists(st.sampled_from(usual * 6 + list(NOTES) + list(OTHERS)), min_size=1, max_size=10))
    for n in range(len(pieces)):
        if draw(st.booleans()):
            pieces[n] = (
                pieces[n].replace("@", "@ " + draw(NOISE) + " ", 1) if draw(st.booleans()) else draw(NOISE) + "\n"
            )
    text, words = with_words(draw(st.sampled_from(FRONT)) + draw(st.sampled_from(["\n", "\n\n", ""])).join(pieces))
    return draw(st.sampled_from([text, text, text.replace("\n", "\r\n")])), words


def lost_words(text: str, words: list[str], deck: Path, package: Path, problems: str) -> list[str]:
    """The words that are in no field, are not listed as left out, and have no problem at their line."""
    shown = "\n".join("\n".join((*note.fields, *note.tags, *note.decks)) for note in read_package(package).notes)
    shown += run("check", deck, "--left-out").stdout
    reported = {int(match["line"]) for match in PROBLEM.finditer(problems) if match["line"]}
    lines = text.splitlines() if "\u2028" not in text else text.split("\n")
    return [
        word
        for word in words
        if word not in shown and not any(word in line and n in reported for n, line in enumerate(lines, 1))
    ]


def check_build(text: str, words: list[str]) -> bool:
    """Build a deck of one note file, and check what came of it. Return whether it was built."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        deck = write_deck(home / "deck", {"a.md": text, "a.png": PIXEL})
        result = run("build", deck, "--out", home / "out", "--json", now=1_700_000_000)
        assert "Traceback" not in result.stderr and result.returncode in (0, 1), result.stderr
        problems = result.stderr.removesuffix("\n").split("\n") if result.stderr else []
        assert all(map(PROBLEM.fullmatch, problems)), result.stderr
        packages = list((home / "out").glob("*"))
        if result.returncode:
            assert any(": error: " in line for line in problems), result.stderr
            assert not packages and not (deck / "deck.lock").exists()
            return False
        summary = json.loads(result.stdout)
        with collection(home / "anki") as col:
            imported = import_package(col, packages[0])
            assert (imported.new, col.note_count(), col.card_count()) == (
                summary["notes"],
                summary["notes"],
                summary["cards"],
            )
            assert render_errors(col) == []
        assert lost_words(text, words, deck, packages[0], result.stderr) == []
        return True


@pytest.mark.parametrize("examples", [25, pytest.param(3000, marks=pytest.mark.proof)])
def test_any_text_is_built_whole_or_has_problems(examples):
    built = []

    @settings(OPTIONS, max_examples=examples)
    @given(note_files())
    def holds(file):
        built.append(check_build(*file))

    holds()
    assert examples / 10 < sum(built) < examples, "both outcomes are tried"
