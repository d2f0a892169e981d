"""Links: what a card can follow stays as it is; a path relative to a page leads nowhere from a card."""

from urllib.parse import urljoin

from bs4 import BeautifulSoup

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Note, Text
from deckgen.problems import Problem, Severity
from deckgen.render.html import attribute
from deckgen.render.places import Places
from deckgen.scan import Scan

_ABSOLUTE = lazy_pattern(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:|#|//)")


def resolve_links(soup: BeautifulSoup, note: Note, text: Text, found: Scan, base_url: str) -> list[Problem]:
    """Resolve relative links against `base_url`; without one, they keep their text and lose their target."""
    problems = []
    places = Places(text, found)
    for link in soup.find_all("a", href=True):
        target = attribute(link, "href")
        if _ABSOLUTE.match(target):
            continue
        if base_url:
            link["href"] = urljoin(urljoin(base_url, note.key), target)
            continue
        del link["href"]
        link["title"] = target
        problems.append(
            Problem(
                note.file,
                *places.next(target),
                Severity.INFO,
                "link-relative",
                f"the link {target} leads nowhere from a card",
                "set base_url in deck.toml",
            )
        )
    return problems
