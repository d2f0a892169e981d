"""Writes a deck with notes of all note types. Their texts are put together from pieces. The content depends only on the seed."""

import json
import random
from collections.abc import Callable

from decks import BOXES, PIXEL

_PIECES = (
    "plain words", "字与词。", "a & b < c > d", "**bold** and *slanted*", "`code()`", "==marked==", "~~gone~~", "H~2~O", "<u>line</u>",
    "<b>raw</b>", "$x^2 < y$", r"$\frac{a}{b}$", "[a link](https://example.com/?a=1&b=2)", "![a dot](dot.png)", "&nbsp;", "漢字[かんじ]",
    "'quotes' and \"quotes\"", "a | b", "[brackets]", "{braces}", r"\{\{not a cloze\}\}", "::", "5 % of #1", "<br>", "<!-- c -->", "e\u0301",
)  # fmt: skip
_BLOCKS = (
    "- one\n- two\n    - three", "1. first\n2. second", "| a | b |\n|---|---|\n| 1 | $x$ |", "> a remark", "> [!tip] Title\n> text",
    "??? note \"More\"\n    hidden", "```python\nx = {'a': [1]}  # {{c9::no cloze}}\n```", "$$\n\\sum_{i=1}^n i\n$$", "Term\n:   what it means",
    "text[^1]\n\n[^1]: a footnote", "- [x] done\n- [ ] open", "![two](figure:boxes)", "<div class=\"x\">\n\nblock\n\n</div>", "above\n\n---\n\nbelow",
)  # fmt: skip
# Anki's templates of a note type of the deck: all filters, conditions, and the values that Anki fills.
_WORD = {
    "front.html": "{{Status}}<b>{{Word}}</b>{{#Hint}}{{hint:Hint}}{{/Hint}}{{^Hint}}no hint{{/Hint}}<i>{{Tags}}|{{Deck}}|{{Subdeck}}|{{Card}}|"
    "{{Type}}|{{CardFlag}}</i>\n",
    "back.html": "{{FrontSide}}<hr id=answer>{{Meaning}}{{text:Meaning}}{{#Example}}{{furigana:Example}}{{kanji:Example}}{{kana:Example}}"
    "{{unknown:Example}}{{/Example}}{{#From}}<p>{{text:kanji:From}}{{/From}}<!-- {{Nope}} -->\n",
    "example.html": "{{#Example}}{{type:Example}}{{ Example }}{{/Example}}\n",
    "example_back.html": "{{FrontSide}}{{type:Example}}{{Word}}\n",
}  # fmt: skip
_GAP = {
    "front.html": "{{Status}}{{Title}}{{cloze:Text}}{{type:cloze:Text}}{{#c1}}first{{/c1}}{{^c2}}not second{{/c2}}\n",
    "back.html": "{{Title}}{{cloze:Text}}{{type:cloze:Text}}{{cloze-only:Text}}{{hint:Extra}}\n",
}


def generated_deck(*, notes: int, seed: int) -> dict[str, str | bytes]:
    """Return the files of a deck with that many notes, by their path."""
    source = random.Random(seed)
    kinds = list(_KINDS)
    texts = [_KINDS[kinds[n % len(kinds)]](source, f"n{n}") for n in range(notes)]
    head = "---\ndeckgen: {dialect: heading, level: 2}\ntags: [area::part, second]\n---\n"
    return {
        "a.md": head + "# Chapter & <section>\n\n" + "\n".join(texts),
        "dot.png": PIXEL,
        "bark.mp3": b"ID3",
        "figures/drawings.py": BOXES,
        "types/word/type.toml": _declaration("Word", _WORD_FIELDS, {"Meaning": "", "Example": "example"}),
        **{f"types/word/{name}": text for name, text in _WORD.items()},
        "types/gap/type.toml": "cloze = true\n" + _declaration("Gap", _GAP_FIELDS, {"Gap": ""}),
        **{f"types/gap/{name}": text for name, text in _GAP.items()},
    }


_WORD_FIELDS = {
    "Word": "question", "Meaning": "answer", "Hint": "hint", "Example": ["Example"], "From": "source", "Status": "status", "Id": "id",
}  # fmt: skip
_GAP_FIELDS = {"Title": "question", "Text": "answer", "Extra": ["Extra"], "Status": "status", "Section": "section"}


def _declaration(name: str, fields: dict[str, str | list[str]], templates: dict[str, str]) -> str:
    """Return a type.toml. `fields` have a role or labels, `templates` the beginning of their files' names."""
    lines = [f'name = "{name}"']
    for field, role in fields.items():
        key = "role" if isinstance(role, str) else "label"
        lines += ["[[field]]", f'name = "{field}"', f"{key} = {json.dumps(role)}"]
    for template, file in templates.items():
        sides = (f"{file}.html", f"{file}_back.html") if file else ("front.html", "back.html")
        lines += ["[[template]]", f'name = "{template}"', f'front = "{sides[0]}"', f'back = "{sides[1]}"']
    return "\n".join(lines) + "\n"


def _line(source: random.Random) -> str:
    return " ".join(["text", *(source.choice(_PIECES) for _ in range(source.randint(1, 4)))])


def _blocks(source: random.Random) -> str:
    parts = [_line(source) if source.random() < 0.6 else source.choice(_BLOCKS) for _ in range(source.randint(1, 4))]
    return "\n\n".join(parts)


def _question(source: random.Random, name: str, classes: str = "") -> str:
    return f"## Question {name}: {_line(source)}? {{#{name}{classes}}}\n\n"


def _basic(source: random.Random, name: str) -> str:
    sound = "\n\n[sound:bark.mp3]" if source.random() < 0.3 else ""
    line = "\n\nSource: [a book](https://example.com/) & more" if source.random() < 0.3 else ""
    return _question(source, name) + _blocks(source) + sound + line + "\n"


def _reversed(source: random.Random, name: str) -> str:
    return _question(source, name, " .reversed") + _blocks(source) + "\n"


def _typed(source: random.Random, name: str) -> str:
    return _question(source, name, " .typed") + _line(source) + "\n"


def _clozes(source: random.Random) -> str:
    return "\n\n".join(source.choice(_CLOZES).replace("@", _line(source)) for _ in range(source.randint(1, 3)))


_CLOZES = (
    "{{c1::@}}", "before {{c1::@}} between {{c2::@::a hint}} after", "{{c2::outer {{c1::inner}} @}}", "{{c1,3::@}} and {{c3::@}}",
    "- {{c1::one}}\n- {{c2::@}}", r"$a = {{c1::\frac{1}{b} }}$ and @", "{{c1::$x$}} and {{c1::@::**h**}}", "{{c4::}} {{c1::@}}",
    "{{c1::== & <b>x</b>}} [sound:bark.mp3]", "| {{c1::a}} | b |\n|---|---|\n| 1 | {{c2::@}} |".replace("@", "two"),
)  # fmt: skip


def _cloze(source: random.Random, name: str) -> str:
    return _question(source, name) + _clozes(source) + "\n\n" + _blocks(source) + "\n"


def _occlusion(source: random.Random, name: str) -> str:
    return _question(source, name) + "![two boxes](figure:boxes){.occlude}\n\n" + _line(source) + "\n"


def _word(source: random.Random, name: str) -> str:
    hint = f"Hint: {_line(source)}\n\n" if source.random() < 0.5 else ""
    example = f"Example: {_line(source)}\n\n" if source.random() < 0.5 else ""
    return _question(source, name, " .word") + hint + example + _blocks(source) + "\n\nSource: a book\n"


def _gap(source: random.Random, name: str) -> str:
    extra = f"Extra: {_line(source)}\n\n" if source.random() < 0.5 else ""
    return _question(source, name, " .gap") + extra + _clozes(source) + "\n"


_KINDS: dict[str, Callable[[random.Random, str], str]] = {
    "basic": _basic, "reversed": _reversed, "typed": _typed, "cloze": _cloze, "occlusion": _occlusion, "word": _word, "gap": _gap,
}  # fmt: skip
