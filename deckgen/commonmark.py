"""Escape texts for CommonMark. Anki shows the description of a deck as CommonMark (pulldown-cmark, without extensions)."""

import re

_NEXT = "NEXT"


def escape_line(text: str) -> str:
    """Return CommonMark that shows the text unchanged inside a line. Line breaks become spaces."""
    return re.sub(r"([\\`*_\[\]<>&~])", r"\\\1", " ".join(text.split()))


def escape_block(text: str) -> str:
    """Return CommonMark that shows the text unchanged at the beginning of a block. It makes no heading, list or rule."""
    return re.sub(r"^(\d{0,9})([#+=.)-])", r"\1\\\2", escape_line(text))


def link(address: str) -> str:
    """Return a link to a web address. Its text is the address."""
    shown = escape_line(address)
    target = re.sub(r"([()])", r"\\\1", shown)
    return f"[{shown}]({target})"


def is_self_contained(text: str) -> bool:
    """Whether a Markdown text contains no HTML, and a paragraph after it stays a separate paragraph."""
    if not text.strip():
        return True
    from markdown_it import MarkdownIt  # slow to import, and many decks have no description

    tokens = MarkdownIt("commonmark").parse(f"{text}\n\n{_NEXT}\n")
    inside = [child.type for token in tokens for child in token.children or ()]
    html = {"html_block", "html_inline"} & {*inside, *(token.type for token in tokens)}
    last = [(token.type, token.level, token.content) for token in tokens[-3:-1]]
    return not html and last == [("paragraph_open", 0, ""), ("inline", 1, _NEXT)]
