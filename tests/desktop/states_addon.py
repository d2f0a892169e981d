"""An add-on of the tests. A file in the base folder asks for a state: `busy` (Anki does nothing else for some seconds) or `dialog`."""

import time
from pathlib import Path

import aqt
from aqt.qt import QMessageBox, QTimer

_SECONDS = 5


def be_busy(base: Path) -> None:
    if (base / "busy").exists():
        (base / "busy").rename(base / "is-busy")
        time.sleep(_SECONDS)


def open_dialog(base: Path) -> None:
    if (base / "dialog").exists():
        (base / "dialog").rename(base / "is-dialog")
        QMessageBox.information(aqt.mw, "Dialog", "Close this dialog.")


def every_moment(look) -> QTimer:
    timer = QTimer()
    timer.timeout.connect(lambda: look(Path(aqt.mw.pm.base)))
    timer.start(20)
    return timer


TIMERS = [every_moment(be_busy), every_moment(open_dialog)]
