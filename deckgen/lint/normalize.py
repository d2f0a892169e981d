"""Text in one form, whatever its notation: symbols with the same meaning become the same word, in prose, formulas and code."""

import re
import unicodedata
from collections.abc import Callable, Iterator

from deckgen.lazy_patterns import lazy_pattern
from deckgen.render import plain_text
from deckgen.render.html import parse_html

_CODE = "\x02{}\x03"
_VERBATIM = lazy_pattern(r"(\\\(.*?\\\)|\\\[.*?\\\]|\x02[^\x03]*\x03)", re.S)
# Spaces, sizes and fonts do not change the meaning of a formula.
_LOOKS = lazy_pattern(
    r"\\(?:left|right|[Bb]igg?[lrm]?|displaystyle|textstyle|q?quad|operatorname\*?|text|mathrm|mathbf|mathit|boldsymbol|limits)(?![a-zA-Z])"
    r"|\\[,;:! ]|[{}~_$\s]"
)
_SAME = {
    r"\sqrt": "√",
    r"\times": "×",
    r"\cdot": "·",
    r"\le": "≤",
    r"\leq": "≤",
    r"\ge": "≥",
    r"\geq": "≥",
    r"\to": "→",
    r"\rightarrow": "→",
    r"\dfrac": r"\frac",
    r"\tfrac": r"\frac",
}
_SIGN = lazy_pattern(r"\\[A-Za-z]+|\d+(?:\.\d+)*|\S")
_WORD = lazy_pattern(r"\d+(?:\.\d+)*|[a-zà-ÿ]+|[^\W\d_]|[+#<>=/&%^@|*→×·≤≥√]")


def normalized_text(html: str) -> str:
    """The text of a field. Formulas, with TeX's delimiters, and code are unchanged; other text has letters of normal width in lower case."""
    if "<code" in html:
        soup = parse_html(html)
        for code in soup.find_all("code"):
            code.string = _CODE.format(code.get_text())
        html = str(soup)
    return change_prose(plain_text(html), lambda text: unicodedata.normalize("NFKC", text).casefold())


def change_prose(text: str, change: Callable[[str], str]) -> str:
    """The text with `change` applied to all that is neither formula nor code."""
    return "".join(piece if n % 2 else change(piece) for n, piece in enumerate(_VERBATIM.split(text)))


def split_words(text: str) -> list[str]:
    """The words of a text from `normalized_text`: Chinese characters and the symbols of formulas one by one, code as one word, no punctuation."""
    return list(_words(text))


def _words(text: str) -> Iterator[str]:
    for n, piece in enumerate(_VERBATIM.split(text)):
        if n % 2 == 0:
            yield from _WORD.findall(piece)
        elif piece[0] == "\\":
            yield from (_SAME.get(sign, sign) for sign in _SIGN.findall(_LOOKS.sub(" ", piece[2:-2])))
        else:
            yield piece[1:-1].strip()
