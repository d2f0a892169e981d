"""Pictures and sounds of a note: local files become media under content-hashed names, the rest is told."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from bs4 import BeautifulSoup, Tag

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Media, Note, Text
from deckgen.problems import Problem, Severity
from deckgen.render.extensions.wiki_links import WIKI, shown_name, split_size
from deckgen.render.figures import block_references, figure_problems
from deckgen.render.html import attribute, classes, parent_of, set_classes, take_attribute
from deckgen.render.places import Places
from deckgen.render.references import FIGURE, PLAYED, Found, Lookup, MediaProblem, Missing
from deckgen.scan import Scan, scan

_REFERENCE = lazy_pattern(r"figure:[^\s()<>\"']+")
ACTIVE_TEXT = lazy_pattern(
    r"\[latex\].*?\[/latex\]|\[\$\$\].*?\[/\$\$\]|\[\$\].*?\[/\$\]|\[anki:(?P<name>[\w-]+)[^\]]*\].*?\[/anki:(?P=name)\]",
    re.S,
)
"""Text that Anki replaces when it shows a card: LaTeX, and text to speak. Fields of imported types keep it as it is."""
_TAGS = ["img", "audio", "video", "source", "object", "embed"]


class MediaFiles:
    """Puts the names of media into the HTML of a note. `lookup` is from a reference to what it stands for.

    With `keeps_missing`, an element keeps the name of a file that is missing.
    """

    def __init__(self, lookup: Lookup, *, keeps_missing: bool = False):
        self._lookup = lookup
        self._keeps_missing = keeps_missing

    def attach(
        self, soup: BeautifulSoup, note: Note, text: Text, found: Scan, sound: Callable[[str], str]
    ) -> tuple[list[Media], list[Problem]]:
        """Point every element of the tree that loads a file at its media name.

        A sound or a film that is written as an image becomes what `sound` returns for its name.
        """
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
            line, column = places.next(target.removeprefix(WIKI))
            if element.name == "img":
                _set_size(element)
            result = self._lookup(target)
            if isinstance(result, Found):
                element[name] = result.media.name
                media.append(result.media)
                wrong = _attached(soup, element, target, result, sound)
                problems += [Problem(note.file, line, column, *each) for each in wrong]
            elif isinstance(result, Missing):
                problems.append(Problem(note.file, line, column, *result.problem))
                if result.code != "media-remote" and not self._keeps_missing:
                    _as_missing(element, name)
        return media, problems

    def sound(self, target: str, note: Note, text: Text, offset: int) -> tuple[list[Media], list[Problem]]:
        """The file that `[sound:target]` at an offset of the text plays."""
        result = self._lookup(target.strip())
        if isinstance(result, Found):
            return [result.media], []
        line, column = text.place(offset)
        return [], [Problem(note.file, line, column, *result.problem)] if isinstance(result, Missing) else []


def figure_references(text: Text) -> Iterator[str]:
    """The figures of a text, in blocks of their own and outside code: what to compute before rendering asks for it."""
    yield from block_references(text)
    if FIGURE not in text.source:
        return
    found = scan(text.source)
    for match in _REFERENCE.finditer(text.source):
        if not found.is_code(match.start()):
            yield match[0]


def _attached(
    soup: BeautifulSoup, element: Tag, target: str, found: Found, sound: Callable[[str], str]
) -> Iterator[MediaProblem]:
    """Change the element of a file as its kind wants it, and yield what is wrong."""
    if found.ambiguous:
        hint = "write the path from the folder of the deck"
        yield MediaProblem(Severity.WARNING, "media-ambiguous", found.ambiguous, hint)
    if target.startswith(FIGURE):
        _as_figure(soup, element, found.media.alt)
        yield from figure_problems(attribute(element, "alt"), found)
    elif found.media.width:
        element["width"] = str(found.media.width)
    elif element.name == "img" and PurePosixPath(found.media.name).suffix.lstrip(".") in PLAYED:
        element.replace_with(sound(found.media.name))


def _set_size(image: Tag) -> None:
    """Take the size out of the words of a picture: `![words|300x200](…)`."""
    words, size = split_size(attribute(image, "alt").split("|"))
    if size:
        image["alt"] = words
        image.attrs.update(size)


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
    """An element that loads nothing, and so shows the description that its author gave it. An embed shows its name at least."""
    written = take_attribute(element, name)
    element["title"] = written.removeprefix(WIKI)
    set_classes(element, [*classes(element), "missing"])
    if written.startswith(WIKI):
        element.name = "span"
        element.string = take_attribute(element, "alt") or shown_name(written.removeprefix(WIKI))
