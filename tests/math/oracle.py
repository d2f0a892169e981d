"""Checks TeX with MathJax 3.2.2, with Anki's configuration, in a browser on a page such as the reviewer's."""

import json
from collections.abc import Sequence
from pathlib import Path

from browser import browser, card_page

# MathJax shows an error as a box, as a name in red, or as a backslash in text.
_ACCEPTS = r"""(async () => {
    const accepted = [];
    for (const [tex, display] of FORMULAS) {
        MathJax.texReset();
        const mml = await MathJax.tex2mmlPromise(tex, {display});
        const error = /<merror/.test(mml) || /mathcolor="red"[^>]*>\\/.test(mml) || /<mtext[^>]*>[^<]*\\[^<]*<\/mtext>/.test(mml);
        accepted.push(!error);
    }
    return accepted;
})()"""


def accepts(formulas: Sequence[tuple[str, bool]], folder: Path) -> list[bool]:
    """Return whether Anki shows each formula without an error. A formula is its TeX, and whether it is displayed."""
    page = folder / "oracle.html"
    page.write_text(card_page(r"<p>\(x\)</p>", "", False, folder))
    with browser().page(page, 390) as session:
        return browser().evaluate(session, _ACCEPTS.replace("FORMULAS", json.dumps(formulas)))
