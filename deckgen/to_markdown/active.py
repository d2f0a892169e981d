"""Text that Anki replaces itself when it shows a card: LaTeX, and text to speak. It stays in fields as it is written."""

from collections.abc import Mapping

from deckgen.render.media import ACTIVE_TEXT
from deckgen.to_markdown.form import Render


def one_line(html: str) -> str:
    return html.replace("\r\n", "\n").replace("\n", " ")


def active_masks(html: str) -> dict[str, str]:
    """Text that Anki replaces itself, and a character that stands for it: Anki reads it in the HTML as it is written."""
    if "[" not in html:
        return {}
    found = dict.fromkeys(match[0] for match in ACTIVE_TEXT.finditer(html))
    free = (chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in html)
    return dict(zip(found, free))


def masked(text: str, masks: Mapping[str, str]) -> str:
    """Text with a character for each text of `masks`."""
    for active, char in masks.items():
        text = text.replace(one_line(active), char).replace(active, char)
    return text


def unmasked(text: str, masks: Mapping[str, str]) -> str:
    for active, char in masks.items():
        text = text.replace(char, one_line(active))
    return text


def masking(render: Render, masks: Mapping[str, str]) -> Render:
    return lambda markdown: masked(render(unmasked(markdown, masks)), masks)
