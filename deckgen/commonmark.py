"""Texts inside CommonMark, the Markdown that Anki shows a deck's description in (pulldown-cmark, without extensions)."""

import re

from markdown_it import MarkdownIt

_NEXT = "NEXT"


def escape_line(text: str) -> str:
    """A text that shows as it is within a line: on one line, with what could be markup, HTML or an entity escaped."""
    return re.sub(r"([\\`*_\[\]<>&~])", r"\\\1", " ".join(text.split()))


def escape_block(text: str) -> str:
    """A text that shows as it is where a block begins: what would make it a heading, a list or a rule is escaped too."""
    return re.sub(r"^(\d{0,9})([#+=.)-])", r"\1\\\2", escape_line(text))


def link(address: str) -> str:
    """A web address as a link that shows it."""
    shown = escape_line(address)
    target = re.sub(r"([()])", r"\\\1", shown)
    return f"[{shown}]({target})"


def is_self_contained(text: str) -> bool:
    """Whether a Markdown text holds no HTML, and leaves the paragraph that follows it one of its own."""
    tokens = MarkdownIt("commonmark").parse(f"{text}\n\n{_NEXT}\n")
    inside = [child.type for token in tokens for child in token.children or ()]
    html = {"html_block", "html_inline"} & {*inside, *(token.type for token in tokens)}
    last = [(token.type, token.level, token.content) for token in tokens[-3:-1]]
    return not html and last == [("paragraph_open", 0, ""), ("inline", 1, _NEXT)]
