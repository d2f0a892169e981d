"""What a text says, apart from how it is written: signs of one meaning are one word here, in prose, formulas and code."""

import re
import unicodedata
from collections.abc import Callable, Iterator

from bs4 import BeautifulSoup

from deckgen.render import plain_text

_CODE = "\x02{}\x03"
_VERBATIM = re.compile(r"(\\\(.*?\\\)|\\\[.*?\\\]|\x02[^\x03]*\x03)", re.S)
# Spaces, sizes and upright letters change nothing that a formula says.
_LOOKS = re.compile(
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
_SIGN = re.compile(r"\\[A-Za-z]+|\d+(?:\.\d+)*|\S")
_WORD = re.compile(r"\d+(?:\.\d+)*|[a-zà-ÿ]+|[^\W\d_]|[+#<>=/&%^@|*→×·≤≥√]")


def normalized_text(html: str) -> str:
    """A field's text: formulas between TeX's marks and code as they are, else widths and case of letters made one."""
    if "<code" in html:
        soup = BeautifulSoup(html, "html.parser")
        for code in soup.find_all("code"):
            code.string = _CODE.format(code.get_text())
        html = str(soup)
    return change_prose(plain_text(html), lambda text: unicodedata.normalize("NFKC", text).casefold())


def change_prose(text: str, change: Callable[[str], str]) -> str:
    """The text, changed where it is neither formula nor code."""
    return "".join(piece if n % 2 else change(piece) for n, piece in enumerate(_VERBATIM.split(text)))


def split_words(text: str) -> list[str]:
    """The words of what `read` gives: Chinese sign by sign, formulas too, code whole; punctuation is none."""
    return list(_words(text))


def _words(text: str) -> Iterator[str]:
    for n, piece in enumerate(_VERBATIM.split(text)):
        if n % 2 == 0:
            yield from _WORD.findall(piece)
        elif piece[0] == "\\":
            yield from (_SAME.get(sign, sign) for sign in _SIGN.findall(_LOOKS.sub(" ", piece[2:-2])))
        else:
            yield piece[1:-1].strip()
