"""Pictures and sounds of a note: local files become media under content-hashed names, the rest is told."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from bs4 import BeautifulSoup, Tag

from deckgen.model import Media, Note, Text
from deckgen.problems import Problem, Severity
from deckgen.render.extensions.wiki_links import WIKI, shown_name, split_size
from deckgen.render.figures import Fault, block_references, faults
from deckgen.render.places import Places
from deckgen.render.references import FIGURE, PLAYED, Found, Lookup, Missing
from deckgen.scan import Scan, scan

_REFERENCE = re.compile(r"figure:[^\s()<>\"']+")
_TAGS = ["img", "audio", "video", "source", "object", "embed"]


class MediaFiles:
    """Puts the names of media into the HTML of a note. `lookup` is from a reference to what it stands for."""

    def __init__(self, lookup: Lookup):
        self._lookup = lookup

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
            attribute = "data" if element.name == "object" else "src"
            # Anki copies no files that are only named there, and browsers would prefer them.
            element.attrs.pop("srcset", None)
            target = element.get(attribute)
            if not target or target.startswith("data:"):
                continue
            place = places.next(target.removeprefix(WIKI))
            if element.name == "img":
                _set_size(element)
            result = self._lookup(target)
            if isinstance(result, Found):
                element[attribute] = result.media.name
                media.append(result.media)
                problems += [Problem(note.file, *place, *fault) for fault in _attached(soup, element, target, result, sound)]
            elif isinstance(result, Missing):
                problems.append(Problem(note.file, *place, *result.fault))
                if result.code != "media-remote":
                    _as_missing(element, attribute)
        return media, problems

    def sound(self, target: str, note: Note, text: Text, offset: int) -> tuple[list[Media], list[Problem]]:
        """The file that `[sound:target]` at an offset of the text plays."""
        result = self._lookup(target.strip())
        if isinstance(result, Found):
            return [result.media], []
        faults = [result.fault] if isinstance(result, Missing) else []
        return [], [Problem(note.file, *text.place(offset), *fault) for fault in faults]


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
) -> Iterator[Fault]:
    """Change the element of a file as its kind wants it, and yield what is wrong."""
    if found.ambiguous:
        yield Severity.WARNING, "media-ambiguous", found.ambiguous, "write the path from the folder of the deck"
    if target.startswith(FIGURE):
        _as_figure(soup, element, found.media.alt)
        yield from faults(element["alt"], found)
    elif element.name == "img" and PurePosixPath(found.media.name).suffix.lstrip(".") in PLAYED:
        element.replace_with(sound(found.media.name))


def _set_size(image: Tag) -> None:
    """Take the size out of the words of a picture: `![words|300x200](…)`."""
    words, size = split_size(image.get("alt", "").split("|"))
    if size:
        image["alt"] = words
        image.attrs.update(size)


def _as_figure(soup: BeautifulSoup, image: Tag, alt: str) -> None:
    """A computed picture, with its title as a caption below it where it stands in a paragraph of its own."""
    image["alt"] = image.get("alt", "").strip() or alt
    image["class"] = [*image.get_attribute_list("class", []), "computed"]
    caption = image.attrs.pop("title", "")
    paragraph = image.parent
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


def _as_missing(element: Tag, attribute: str) -> None:
    """An element that loads nothing, and so shows the description that its author gave it."""
    written = element.attrs.pop(attribute)
    element["title"] = written.removeprefix(WIKI)
    if written.startswith(WIKI) and not element.get("alt"):
        element["alt"] = shown_name(written.removeprefix(WIKI))
    element["class"] = [*element.get_attribute_list("class", []), "missing"]
