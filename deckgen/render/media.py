"""Pictures and sounds of a note: local files become media under content-hashed names, the rest is told."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from deckgen.model import Media, Note, Text
from deckgen.problems import Problem
from deckgen.render.figures import block_references, figure_problems
from deckgen.render.html import attribute, classes, parent_of, set_classes, take_attribute
from deckgen.render.places import Places
from deckgen.render.references import FIGURE, Found, Lookup
from deckgen.scan import Scan, scan

_REFERENCE = re.compile(r"figure:[^\s()<>\"']+")
_TAGS = ["img", "audio", "video", "source", "object", "embed"]


class MediaFiles:
    """Puts the names of media into the HTML of a note. `lookup` is from a reference to what it stands for."""

    def __init__(self, lookup: Lookup):
        self._lookup = lookup

    def attach(self, soup: BeautifulSoup, note: Note, text: Text, found: Scan) -> tuple[list[Media], list[Problem]]:
        """Point every element of the tree that loads a file at its media name."""
        media: list[Media] = []
        problems: list[Problem] = []
        places = Places(text, found)
        for element in soup.find_all(_TAGS):
            name = "data" if element.name == "object" else "src"
            # Anki copies no files that are only named there, and browsers would prefer them.
            element.attrs.pop("srcset", None)
            target = attribute(element, name)
            if not target or target.startswith("data:"):
                continue
            line, column = places.next(target)
            result = self._lookup(target)
            if isinstance(result, Found):
                element[name] = result.media.name
                media.append(result.media)
                if target.startswith(FIGURE):
                    _as_figure(soup, element, result.media.alt)
                    wrong = figure_problems(attribute(element, "alt"), result)
                    problems += [Problem(note.file, line, column, *each) for each in wrong]
                continue
            problems.append(Problem(note.file, line, column, *result.problem))
            if result.code != "media-remote":
                _as_missing(element, name)
        return media, problems

    def sound(self, target: str, note: Note, text: Text, offset: int) -> tuple[list[Media], list[Problem]]:
        """The file that `[sound:target]` at an offset of the text plays."""
        result = self._lookup(target.strip())
        if isinstance(result, Found):
            return [result.media], []
        line, column = text.place(offset)
        return [], [Problem(note.file, line, column, *result.problem)]


def figure_references(text: Text) -> Iterator[str]:
    """The figures of a text, in blocks of their own and outside code: what to compute before rendering asks for it."""
    yield from block_references(text)
    if FIGURE not in text.source:
        return
    found = scan(text.source)
    for match in _REFERENCE.finditer(text.source):
        if not found.is_code(match.start()):
            yield match[0]


def _as_figure(soup: BeautifulSoup, image: Tag, alt: str) -> None:
    """A computed picture, with its title as a caption below it where it stands in a paragraph of its own."""
    image["alt"] = attribute(image, "alt").strip() or alt
    set_classes(image, [*classes(image), "computed"])
    caption = take_attribute(image, "title")
    paragraph = parent_of(image)
    alone = paragraph.name == "p" and all(child is image or not str(child).strip() for child in paragraph.children)
    if not alone:
        if caption:
            image["title"] = caption
        return
    figure = soup.new_tag("figure")
    paragraph.replace_with(figure)
    figure.append(image.extract())
    if caption:
        text = soup.new_tag("figcaption")
        text.string = caption
        figure.append(text)


def _as_missing(element: Tag, name: str) -> None:
    """An element that loads nothing, and so shows the description that its author gave it."""
    element["title"] = take_attribute(element, name)
    set_classes(element, [*classes(element), "missing"])
