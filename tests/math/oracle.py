"""MathJax 3.2.2 as Anki configures it, as the judge of TeX: it runs in a browser, on a page such as the reviewer's."""

import json
from collections.abc import Sequence
from pathlib import Path

from browser import browser, card_page

# What an error looks like: a box, a name in red, or a backslash that is shown as text.
_JUDGE = r"""(async () => {
    const verdicts = [];
    for (const [tex, display] of FORMULAS) {
        MathJax.texReset();
        const mml = await MathJax.tex2mmlPromise(tex, {display});
        const error = /<merror/.test(mml) || /mathcolor="red"[^>]*>\\/.test(mml) || /<mtext[^>]*>[^<]*\\[^<]*<\/mtext>/.test(mml);
        verdicts.push(!error);
    }
    return verdicts;
})()"""


def accepts(formulas: Sequence[tuple[str, bool]], folder: Path) -> list[bool]:
    """Whether Anki shows each formula (TeX, and whether it is displayed) as it was meant."""
    page = folder / "oracle.html"
    page.write_text(card_page("<p>x</p>", "", False, folder))
    with browser().page(page, 390) as session:
        return browser().evaluate(session, _JUDGE.replace("FORMULAS", json.dumps(formulas)))
