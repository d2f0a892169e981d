"""The deck in its two languages: the same notes with the same code, formulas, numbers, sources and figures.

What the tests hold the Chinese notes to, by models and other computations, so holds for the English ones.
"""

import ast
import re
from collections import Counter

import pytest
from note_text import FOLDERS, blocks, sources, texts

IDS = list(texts("zh"))

# Numbers that only one of the two writes in digits, for a reason of its language.
WRITTEN_OTHERWISE = {
    **{key: {0} for key in ("scale-sqrt-dk", "qk-correlated")},  # 零均值
    "code-rmsnorm": {0},  # all-zero
    "layernorm-geometry": {1},  # all-ones
    "code-rope": {2},  # 二维
    "swe-bench": {2},  # 2 月
}

_TENTHS = "二三四五六七八九"
_UNITS = {
    "万亿": 1e12,
    "亿": 1e8,
    "万": 1e4,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "thousand": 1e3,
    "M": 1e6,
    "B": 1e9,
    "T": 1e12,
}
_NUMBER = re.compile(rf"(?<![\dA-Za-z.])(\d+(?:\.\d+)?)(?:\s?多?-?({'|'.join(_UNITS)})(?![A-Za-z/]))?")
_PICTURE = re.compile(r"!\[[^]]*\]\(figure:(\S+?)((?:[?&][^\s)]*)?)(?: \"[^\"]*\")?\)")


def outline(language: str) -> list[tuple[str, str]]:
    """File by file, how deep each heading is, and the ids of notes."""
    return [
        (path.name, heading[1] + (heading[2] or ""))
        for path in sorted(FOLDERS[language].glob("*.md"))
        for heading in re.finditer(r"(?m)^(#+) .*?(\{#[\w-]+.*\})?$", prose(path.read_text("utf-8")))
    ]


def prose(text: str) -> str:
    """The text without its code."""
    return re.sub(r"(?ms)^```.*?^```", "", text)


def numbers(text: str) -> set[float]:
    """The numbers of a text in digits, with their units of thousands; not those in links, names of figures and descriptions of pictures."""
    plain = re.sub(r"!\[[^]]*\]|\]\([^\s)]*|\{#[^}]*\}|\{\{c\d+::", " ", prose(text))
    plain = re.sub(rf"([{_TENTHS}])成", lambda match: f"{10 * (2 + _TENTHS.index(match[1]))}%", plain)
    plain = re.sub(r"(?<=\d),(?=\d{3})|\$|\\[, ]|\\text\{|\}", "", plain)
    plain = re.sub(r"\\[A-Za-z]+", " ", plain)
    return {round(float(digits) * _UNITS.get(unit, 1), 6) for digits, unit in _NUMBER.findall(plain)}


def formulas(text: str) -> Counter[str]:
    """The displayed formulas of a note, without words, the numbers that words are the unit of, and white space."""
    return Counter(
        re.sub(r"(?:\d[\d.]*\\ ?)?\\text\{[^}]*\}|\{\{c\d+::|\}\}|\s|\\[,; ]", "", formula)
        for formula in re.findall(r"(?s)\$\$(.*?)\$\$", text)
    )


def figures(text: str) -> list[tuple[str, set[str]]]:
    """The figures of a note in order with their parameters; the language is none."""
    return [
        (name, {each for each in re.split("[?&]", parameters) if each and not each.startswith("lang=")})
        for name, parameters in _PICTURE.findall(text)
    ]


def links(text: str) -> list[str]:
    return re.findall(r"\]\((https?://[^\s)]+)\)", text)


def whole(note: str, language: str) -> str:
    """A note with its sources."""
    return f"{texts(language)[note]}\n{sources(note, language)}"


def syntax(block: str) -> str:
    """A block of code without its comments and docstrings."""
    tree = ast.parse(block)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            del node.body[0]
    return ast.dump(tree)


def test_the_same_notes_in_the_same_places():
    assert outline("en") == outline("zh") and len(IDS) > 250


@pytest.mark.parametrize("note", IDS)
def test_what_needs_no_translation_is_the_same(note):
    chinese, english = whole(note, "zh"), whole(note, "en")
    assert figures(english) == figures(chinese)
    assert links(english) == links(chinese)
    assert formulas(english) == formulas(chinese)
    assert [*map(syntax, blocks(note, "en"))] == [*map(syntax, blocks(note, "zh"))]


@pytest.mark.parametrize("note", IDS)
def test_the_same_numbers(note):
    assert numbers(whole(note, "zh")) ^ numbers(whole(note, "en")) == WRITTEN_OTHERWISE.get(note, set())


@pytest.mark.parametrize("note", IDS)
def test_no_chinese_is_left(note):
    examples = ["中"] if note == "byte-level-bpe" else []
    assert re.findall(r"[\u3000-\u9fff\uff00-\uffef]+", whole(note, "en")) == examples
