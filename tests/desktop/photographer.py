"""An add-on of Anki: shows cards in the reviewer, one after the other, measures and photographs both sides, and writes the results.

`job.json` next to it has the ids of the cards, a script that measures a page and returns JSON, the size of the window, and the folder
for the results: `ID-SIDE-MODE.png`, and at last `results.json`.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from aqt import gui_hooks, mw
from aqt.qt import QTimer
from aqt.theme import Theme

JOB = json.loads((Path(__file__).parent / "job.json").read_text("utf-8"))
OUT = Path(JOB["out"])
# Puts a mark into the card that is shown. It is gone when the next side is there.
MARK = "document.getElementById('qa').insertAdjacentHTML('beforeend', '<i id=before></i>'); 0"
# Whether the side is there, with its pictures and formulas, and the window has its size.
READY = """(() => {
    const qa = document.getElementById("qa");
    return !document.getElementById("before") && getComputedStyle(qa).opacity === "1" && !qa.textContent.match(/\\\\[(\\[]/)
        && [...document.images].every(image => image.complete) && innerWidth === WIDTH;
})()""".replace("WIDTH", str(JOB["size"][0]))
results: dict[str, object] = {}


def start() -> None:
    mw.resize(*JOB["size"])
    mw.col.decks.select(mw.col.get_card(JOB["cards"][0]).did)
    mw.moveToState("review")
    steps = photograph_all()

    def step() -> None:
        for wait in steps:
            wait(lambda: QTimer.singleShot(0, step))
            return

    QTimer.singleShot(1000, step)


Wait = Callable[[Callable[[], object]], None]


def photograph_all() -> Iterator[Wait]:
    """Yield functions that call back when the next step can begin."""
    for mode, theme in (("light", Theme.LIGHT), ("night", Theme.DARK)):
        mw.set_theme(theme)
        for card in JOB["cards"]:
            mw.reviewer.card = mw.col.get_card(card)
            mw.reviewer.card.start_timer()
            mw.reviewer.typedAnswer = ""
            for side, show in (("front", mw.reviewer._showQuestion), ("back", mw.reviewer._showAnswer)):
                mw.web.eval(MARK)
                show()
                yield until_ready
                yield lambda then: QTimer.singleShot(300, then)
                yield photograph(f"{card}-{side}-{mode}")
    (OUT / "results.json.part").write_text(json.dumps(results), "utf-8")
    (OUT / "results.json.part").rename(OUT / "results.json")


def until_ready(then: Callable[[], object]) -> None:
    def look(ready: object) -> None:
        if ready:
            then()
        else:
            QTimer.singleShot(50, lambda: mw.web.evalWithCallback(READY, look))

    mw.web.evalWithCallback(READY, look)


def photograph(name: str) -> Wait:
    def take(then: Callable[[], object]) -> None:
        def write(measured: object) -> None:
            results[name] = measured
            mw.web.grab().save(str(OUT / f"{name}.png"))
            then()

        mw.web.evalWithCallback(JOB["measure"], write)

    return take


gui_hooks.profile_did_open.append(lambda: QTimer.singleShot(500, start))
