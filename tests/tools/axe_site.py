"""Runs axe-core on every page of the built documentation: in light and dark colours, at the width of a phone and of a screen.

    python tests/tools/axe_site.py site [PAGE...]

It uses the Chromium of the system, and prints what axe-core finds. Without names, all pages are checked.
"""

import sys
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

sys.path.insert(0, str(Path(__file__).parents[1]))

from accessibility import violations
from browser import browser

WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")
# The theme and site.js name the menus after the page has loaded.
_NAMED = """new Promise((resolve, reject) => {
    const start = Date.now();
    (function look() {
        if (document.querySelector("nav.md-nav[aria-label^=Pages]")) resolve();
        else if (Date.now() - start > 20000) reject(new Error("the menus have no names"));
        else setTimeout(look, 20);
    })();
})"""


class Handler(SimpleHTTPRequestHandler):
    """Serves the site, because the page for unknown addresses has absolute links."""

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def pages_of(site: Path) -> list[str]:
    """Return the paths of all pages, without those of the gallery: tests/test_preview_site.py checks its page."""
    found = sorted(path.relative_to(site) for path in site.rglob("*.html"))
    pages = [path.as_posix() for path in found if path.parts[0] != "gallery"]
    assert len(pages) > 20, f"{site} has {len(pages)} pages"
    return pages


def found_on(address: str, scheme: str, width: int) -> list[str]:
    """Return what axe-core finds on the page at an address."""
    with browser().page(address, width, scheme=scheme) as session:
        browser().evaluate(session, _NAMED)
        colours = browser().evaluate(session, "document.body.dataset.mdColorScheme")
        assert colours == {"light": "default", "dark": "slate"}[scheme], colours
        return violations(session)


def all_found(site: Path, pages: list[str]) -> Iterator[str]:
    """Yield a line for each violation on each page."""
    for scheme in SCHEMES:
        # Each scheme has a server of its own: the theme stores the colours of the first visit by the address of the server.
        server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: Handler(*a, directory=str(site)))
        Thread(target=server.serve_forever, daemon=True).start()
        for page in pages:
            for width in WIDTHS:
                address = f"http://127.0.0.1:{server.server_port}/{page}"
                yield from (f"{page} ({scheme}, {width}): {each}" for each in found_on(address, scheme, width))
        server.shutdown()


if __name__ == "__main__":
    site = Path(sys.argv[1])
    pages = sys.argv[2:] or pages_of(site)
    lines = list(all_found(site, pages))
    print(*lines, sep="\n", end="\n" if lines else "")
    print(f"axe-core: {len(pages)} pages, light and dark, at {WIDTHS} pixels: {len(lines)} violations")
    sys.exit(bool(lines))
