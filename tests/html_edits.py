"""Random edits of the HTML of a field, as a person makes them in Anki's editor."""

import random
from collections.abc import Callable

from bs4 import BeautifulSoup, NavigableString, Tag

_WORDS = "修正 alpha 更多 beta <i>gamma</i> 例如 1995 <b>大</b> R&amp;D x&lt;y".split()
_NO_TEXT = ("pre", "code", "style", "script", "table")
Edit = Callable[[BeautifulSoup, random.Random], bool]


def _texts(soup: BeautifulSoup) -> list[NavigableString]:
    """The pieces of text that are outside of code and formulas, and long enough to edit."""
    found = [text for text in soup.find_all(string=True) if not text.find_parent(_NO_TEXT) and len(text.strip()) > 3]
    return [
        text for text in found if "\\" not in text and "{{" not in text and "}}" not in text and "[sound" not in text
    ]


def _splice(text: NavigableString, start: int, end: int, new: str) -> None:
    pieces = [NavigableString(text[:start]), *BeautifulSoup(new, "html.parser").contents, NavigableString(text[end:])]
    for piece in pieces:
        text.insert_before(piece.extract() if isinstance(piece, Tag) else piece)
    text.extract()


def insert_words(soup: BeautifulSoup, rng: random.Random) -> bool:
    """Write some words into a text."""
    if not (texts := _texts(soup)):
        return False
    text = rng.choice(texts)
    at = rng.randrange(1, len(text))
    _splice(text, at, at, f" {rng.choice(_WORDS)} ")
    return True


def replace_words(soup: BeautifulSoup, rng: random.Random) -> bool:
    """Write some words in place of others."""
    if not (texts := _texts(soup)):
        return False
    text = rng.choice(texts)
    start = rng.randrange(len(text))
    _splice(text, start, rng.randrange(start, min(start + 12, len(text))) + 1, rng.choice(_WORDS))
    return True


def delete_words(soup: BeautifulSoup, rng: random.Random) -> bool:
    """Delete a stretch of a text."""
    if not (texts := [text for text in _texts(soup) if len(text) > 8]):
        return False
    text = rng.choice(texts)
    start = rng.randrange(len(text) - 4)
    _splice(text, start, start + rng.randrange(1, 4), "")
    return True


def delete_block(soup: BeautifulSoup, rng: random.Random) -> bool:
    """Delete a paragraph or a list item, but not the last one."""
    blocks = soup.find_all(["p", "li"])
    if len(blocks) < 2:
        return False
    rng.choice(blocks).extract()
    return True


def add_line(soup: BeautifulSoup, rng: random.Random) -> bool:
    """Add a line behind a paragraph, as the key Enter does: a new `<div>`, or a break in the paragraph."""
    blocks = soup.find_all("p")
    if not blocks:
        return False
    block = rng.choice(blocks)
    new = f"<div>{rng.choice(_WORDS)} new line</div>" if rng.random() < 0.5 else ""
    if new:
        block.insert_after(*BeautifulSoup(new, "html.parser").contents)
    else:
        block.append(soup.new_tag("br"))
        block.append(NavigableString("after a break"))
    return True


def add_item(soup: BeautifulSoup, rng: random.Random) -> bool:
    """Add an item to a list."""
    if not (items := soup.find_all("li")):
        return False
    new = soup.new_tag("li")
    new.append(NavigableString(f"new item {rng.choice('ABC')}"))
    rng.choice(items).insert_after(new)
    return True


def embolden(soup: BeautifulSoup, rng: random.Random) -> bool:
    """Set a part of a text in bold type."""
    if not (texts := _texts(soup)):
        return False
    text = rng.choice(texts)
    start = rng.randrange(len(text) - 2)
    piece = text[start : start + 3].replace("&", "&amp;").replace("<", "&lt;")
    _splice(text, start, start + 3, f"<b>{piece}</b>")
    return True


EDITS: tuple[Edit, ...] = (insert_words, replace_words, delete_words, delete_block, add_line, add_item, embolden)


def edited_html(html: str, rng: random.Random, count: int = 1) -> str:
    """Return the HTML of a field after some edits, as a browser writes it. It is equal if no edit was possible."""
    soup = BeautifulSoup(html, "html.parser")
    for _ in range(count):
        rng.choice(EDITS)(soup, rng)
    return soup.decode(formatter="html5")
