"""Checks the built documentation: every link, anchor and picture exists, and no page loads anything from another host.

python tests/tools/check_site.py site
"""

import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Element → the attributes with which it loads a file.
LOADS = {
    "audio": ("src",),
    "embed": ("src",),
    "iframe": ("src",),
    "img": ("src",),
    "link": ("href",),
    "object": ("data",),
    "script": ("src",),
    "source": ("src",),
    "track": ("src",),
    "video": ("src", "poster"),
}
# Links of the page to itself at its own address, which load nothing.
_NOT_LOADED = {"canonical", "next", "prev", "edit"}


class Page(HTMLParser):
    """A page: the ids of its elements, the links that a reader follows, and what the browser loads."""

    def __init__(self, path: Path):
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.texts_missing: list[str] = []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids |= {values[name] for name in ("id", "name") if values.get(name)}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "img" and not values.get("alt"):
            self.texts_missing.append(values.get("src", ""))
        if not (tag == "link" and set(values.get("rel", "").split()) & _NOT_LOADED):
            self.loads += [values[name] for name in LOADS.get(tag, ()) if name in values]


@cache
def read(path: Path) -> Page:
    return Page(path)


def problems(site: Path) -> Iterator[str]:
    """Yield a message for each link or file that is wrong."""
    pages = sorted(path for path in site.rglob("*.html") if "gallery" not in path.relative_to(site).parts)
    assert len(pages) > 20, f"{site} has {len(pages)} pages"
    for path in pages:
        # The page for unknown addresses has absolute links.
        if path.name == "404.html":
            continue
        shown = path.relative_to(site)
        page = read(path)
        yield from (f"{shown}: a picture has no text: {name}" for name in page.texts_missing)
        for address in page.loads:
            if urlsplit(address).scheme not in ("", "data") or address.startswith("//"):
                yield f"{shown}: loads {address}"
        for address in {*page.links, *page.loads}:
            parts = urlsplit(address)
            if (
                not parts.scheme
                and not parts.netloc
                and not _is_found(path, unquote(parts.path), unquote(parts.fragment))
            ):
                yield f"{shown}: leads nowhere: {address}"


def _is_found(path: Path, target: str, fragment: str) -> bool:
    file = (path.parent / target).resolve() if target else path
    if file.is_dir():
        file /= "index.html"
    return file.is_file() and (not fragment or file.suffix != ".html" or fragment in read(file).ids)


if __name__ == "__main__":
    found = list(problems(Path(sys.argv[1])))
    sys.exit("\n".join(found) if found else None)
