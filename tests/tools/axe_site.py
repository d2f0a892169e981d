"""Runs axe-core on pages of the built documentation, in both colour schemes and at two widths.

    pip install axe-playwright-python
    python tests/tools/axe_site.py site

It uses the Chromium of the system.
"""

import shutil
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = (390, 1280)


def main(site: Path) -> int:
    """Print the violations. Return their number."""
    program = next(path for name in NAMES if (path := shutil.which(name)))
    # The page for unknown addresses finds its files only on a server.
    pages = sorted(
        path
        for path in site.rglob("*.html")
        if path.name != "404.html" and "gallery" not in path.relative_to(site).parts
    )
    count = 0
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for width in WIDTHS:
                context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 844})
                tab = context.new_page()
                for page in pages:
                    tab.goto(page.resolve().as_uri())
                    # The theme marks long tables and code a moment after the page has loaded.
                    tab.wait_for_function("document.querySelectorAll('nav.md-nav[aria-label^=Pages]').length > 0")
                    for each in Axe().run(tab).response["violations"]:
                        count += 1
                        print(f"{page.relative_to(site)} ({scheme}, {width}): {each['id']}: {each['help']}")
                        for node in each["nodes"][:3]:
                            print(
                                f"    {node['html'][:160]}\n    {node['failureSummary'].splitlines()[-1].strip()[:200]}"
                            )
                context.close()
        browser.close()
    print(f"{len(pages)} pages, {count} violations")
    return count


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])) > 0)
