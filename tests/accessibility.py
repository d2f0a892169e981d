"""Runs axe-core in a page: what people lack who use a keyboard, a screen reader or large type."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from browser import browser

# Rules of WCAG 2.2, levels A and AA, and best practice.
RUN = """axe.run(document, {resultTypes: ["violations"], rules: OFF}).then(found => found.violations.map(each =>
    `${each.id}: ${each.help}: ` + each.nodes.slice(0, 5).map(node => node.target.join(" ") + " " + node.html.slice(0, 120)).join(" | ")))"""


@cache
def require_axe() -> str:
    """Return the source of axe-core. Without it the test is skipped with a reason."""
    found = find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        pytest.skip("NOT TESTED: axe-core is not installed; tests/axe.txt has it")
    return Path(found.origin).with_name("axe.min.js").read_text("utf-8")


def violations(session: str, *, off: tuple[str, ...] = ()) -> list[str]:
    """Return what axe-core finds in the page of a session, without its frames. `off` are rules that do not apply, by their ids."""
    source = require_axe()
    if not browser().evaluate(session, "typeof axe === 'object'"):
        browser().evaluate(session, source + "; 0")
    rules = "{" + ", ".join(f'"{rule}": {{enabled: false}}' for rule in off) + "}"
    found = browser().evaluate(session, RUN.replace("OFF", rules))
    assert isinstance(found, list)
    return found
