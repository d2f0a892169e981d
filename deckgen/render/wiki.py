"""Wiki links: an address where the notes are published, else only their text."""

from collections.abc import Iterator
from urllib.parse import quote, urljoin

from bs4 import BeautifulSoup, Tag
from markdown.extensions.toc import slugify_unicode

from deckgen.model import Note, Text
from deckgen.problems import Problem, Severity
from deckgen.render.extensions.wiki_links import WIKI
from deckgen.render.html import attribute
from deckgen.render.places import Places
from deckgen.render.references import PAGE, Lookup, MediaProblem, Missing, Page
from deckgen.scan import Scan


def resolve_wiki_links(
    soup: BeautifulSoup, note: Note, text: Text, found: Scan, page: str, lookup: Lookup
) -> list[Problem]:
    """Point the wiki links of a tree at the pages that they name, and return the problems.

    `page` is the address of the note's own page. Without one, the links keep their text and lose their target, and one
    problem speaks of all links of the text: vaults have many.
    """
    links = [link for link in soup.find_all("a", href=True) if attribute(link, "href").startswith(WIKI)]
    places = Places(text, found)
    problems: list[Problem] = []
    lost: list[tuple[int, int, str]] = []
    for link in links:
        target = attribute(link, "href").removeprefix(WIKI)
        line, column = places.next(target)
        result = lookup(PAGE + target)
        if isinstance(result, Page) and page:
            link["href"] = page_address(page, result)
        else:
            _without_target(link, target)
        problems += [Problem(note.file, line, column, *problem) for problem in _problems(result, page)]
        lost += [] if page else [(line, column, target)]
    return problems + list(_lost_links(note, lost))


def page_address(page: str, target: Page) -> str:
    """The address of a page, by that of the page that names it. Headings have the anchors of Python-Markdown."""
    address = urljoin(page, quote(target.path)) if target.path else page
    heading = target.heading.rpartition("#")[2].strip()
    return address if not heading or heading.startswith("^") else f"{address}#{quote(slugify_unicode(heading, '-'))}"


def _without_target(link: Tag, target: str) -> None:
    del link["href"]
    link["title"] = target


def _problems(result: object, page: str) -> Iterator[MediaProblem]:
    if isinstance(result, Missing) and page:
        yield result.problem
    if isinstance(result, Page) and result.ambiguous and page:
        hint = "write the path from the folder of the deck"
        yield MediaProblem(Severity.WARNING, "link-ambiguous", result.ambiguous, hint)


def _lost_links(note: Note, lost: list[tuple[int, int, str]]) -> Iterator[Problem]:
    if not lost:
        return
    (line, column, target), count = lost[0], len(lost) - 1
    others = f" and {count} other wiki link{'s' if count > 1 else ''}" if count else ""
    message = f"[[{target}]]{others} lead{'' if count else 's'} nowhere from a card"
    yield Problem(note.file, line, column, Severity.INFO, "link-relative", message, "set base_url in deck.toml")
