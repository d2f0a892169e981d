"""Runs axe-core in a page: what people lack who use a keyboard, a screen reader or large type."""

import os
import sys
from functools import cache
from pathlib import Path

import pytest
from browser import browser

AXE = Path(sys.prefix) / "axe.min.js"
# Rules of WCAG 2.2, levels A and AA, and best practice.
RUN = """axe.run(document, {resultTypes: ["violations"], rules: OFF}).then(found => found.violations.map(each =>
    `${each.id}: ${each.help}: ` + each.nodes.slice(0, 5).map(node => node.target.join(" ") + " " + node.html.slice(0, 120)).join(" | ")))"""


@cache
def require_axe() -> str:
    """Return the source of axe-core. Without it the test is skipped with a reason, or fails if `CI` is set."""
    if AXE.exists():
        return AXE.read_text("utf-8")
    reason = f"NOT TESTED: no {AXE}; `make axe` downloads axe-core (needs npm)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def violations(session: str, *, off: tuple[str, ...] = ()) -> list[str]:
    """Return what axe-core finds in the page of a session, without its frames. `off` are rules that do not apply, by their ids."""
    source = require_axe()
    if not browser().evaluate(session, "typeof axe === 'object'"):
        browser().evaluate(session, source + "; 0")
    rules = "{" + ", ".join(f'"{rule}": {{enabled: false}}' for rule in off) + "}"
    found = browser().evaluate(session, RUN.replace("OFF", rules))
    assert isinstance(found, list)
    return found
