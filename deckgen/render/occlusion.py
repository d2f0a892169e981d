"""Image occlusion: the occluded picture leaves the answer, whose other text is shown below it on the back."""

from collections.abc import Iterable, Iterator

from bs4 import BeautifulSoup, Tag
from msgspec import Struct

from deckgen.model import Media, Note, Part
from deckgen.notetypes.masks import number_cards, occlusion_field
from deckgen.problems import Problem, Severity
from deckgen.render.html import attribute, classes, html_of, parent_of, set_classes, take_attribute

_CLASS = "occlude"


class Occluded(Struct, frozen=True):
    """The picture that an answer occludes, as HTML (empty: none), what it names, and whether a figure drew it."""

    picture: str = ""
    parts: tuple[Part, ...] = ()
    is_figure: bool = False


def take_out(soup: BeautifulSoup, media: Iterable[Media]) -> Occluded:
    """Take the occluded picture out of an answer's tree. Its caption opens what remains: it may tell what is covered."""
    image = soup.find("img", class_=_CLASS)
    if image is None:
        return Occluded()
    _extract(soup, image)
    set_classes(image, [name for name in classes(image) if name != _CLASS])
    parts = next((item.parts for item in media if item.name == attribute(image, "src")), ())
    return Occluded(html_of(image), parts, "computed" in classes(image))


def _extract(soup: BeautifulSoup, image: Tag) -> None:
    """Take the picture out of the tree, with the figure or paragraph that held nothing else."""
    around = parent_of(image)
    caption = take_attribute(image, "title") or (around.get_text(strip=True) if around.name == "figure" else "")
    image.extract()
    if around.name == "figure" or (around.name == "p" and not around.get_text(strip=True) and not around.find(True)):
        around.decompose()
    if caption:
        paragraph = soup.new_tag("p", attrs={"class": "note-caption"})
        paragraph.string = caption
        soup.insert(0, paragraph)


def fields(occluded: Occluded) -> dict[str, str]:
    """What fills the fields of an image-occlusion note by their roles, its cards numbered as in a first build."""
    return {"masks": occlusion_field(occluded.parts, number_cards(occluded.parts, {})), "picture": occluded.picture}


def problems(note: Note, occluded: Occluded) -> Iterator[Problem]:
    """Why an image-occlusion note would have no card, where nobody else tells: only Markdown knows what is a picture."""
    line, column = note.answer.place(max(note.answer.source.find(f".{_CLASS}"), 0))
    if not occluded.picture:
        yield Problem(
            note.file,
            line,
            column,
            Severity.ERROR,
            "occlude-figure",
            "no picture stands before .occlude",
            "write ![alt](figure:NAME){.occlude}",
        )
    elif occluded.is_figure and not occluded.parts:
        yield Problem(
            note.file,
            line,
            column,
            Severity.ERROR,
            "occlude-parts",
            "the figure names no parts to occlude",
            'name them in its code: part(artist, "name")',
        )
