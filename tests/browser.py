"""Shows cards and pages in a browser, measures them and takes screenshots. There is no network.

Chromium is controlled through its debugging pipe (`--remote-debugging-pipe`). Each message is JSON and ends with a NUL byte.
This needs only the standard library. A test waits for events of the page, and not for a fixed time.
"""

import atexit
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--in-process-gpu", "--disable-extensions", "--disable-breakpad", "--no-zygote",
    # The formula fonts and the page are files of different folders, which are different origins.
    "--allow-file-access-from-files",
    "--remote-debugging-pipe",
)  # fmt: skip
PHONE_HEIGHT = 844
PATIENCE = 60.0

# The CSS of the desktop reviewer that can affect cards: reviewer.scss, and two colours of its theme. The width of #typeans is
# as on AnkiDroid, because flashcard.css there does not set box-sizing.
REVIEWER_CSS = """
:root { --canvas: #f5f5f5; --fg: #020202; }
:root.night-mode { --canvas: #2c2c2c; --fg: #fcfcfc; color-scheme: dark; }
body { margin: 20px; overflow-wrap: break-word; background-color: var(--canvas); color: var(--fg); }
body.nightMode { background-color: var(--canvas); color: var(--fg); }
hr { background-color: #737373; }
img { max-width: 100%; max-height: 95vh; }
li { text-align: start; }
pre { text-align: left; }
#typeans { width: 100%; line-height: 1.75; }
code#typeans { white-space: pre-wrap; }
.typeGood { background: #afa; color: black; }
.typeBad { background: #faa; color: black; }
.typeMissed { background: #ccc; color: black; }
button { margin: 1em .5em; }
#image-occlusion-container { position: relative; margin: 0 auto; max-height: calc(95vh - 40px); }
#image-occlusion-container img { position: absolute; top: 0; left: 0; width: 100%; height: 100%; max-width: unset; max-height: unset; }
#image-occlusion-canvas { position: absolute; top: 0; left: 0; width: 100%; height: 100%; }
"""
# The script of the reviewer that draws the masks of image occlusion.
OCCLUSION_SCRIPT = (Path(__file__).parent / "occlusion.js").read_text()

# Anki's configuration. Here MathJax starts by itself, so that its promise says when it has finished.
MATHJAX = {
    "tex": {
        "inlineMath": [["\\(", "\\)"]],
        "displayMath": [["\\[", "\\]"]],
        "processEscapes": False,
        "processEnvironments": False,
        "processRefs": False,
        "packages": {"[+]": ["noerrors", "mathtools", "mhchem"], "[-]": ["textmacros"]},
    },
    "loader": {"load": ["[tex]/noerrors", "[tex]/mathtools", "[tex]/mhchem"]},
    "startup": {"elements": ["#qa"]},
}

SETTLED = """(async () => {
    if (window.MathJax) {
        if (!MathJax.startup.promise) throw new Error("MathJax did not load");
        await MathJax.startup.promise;
    }
    await document.fonts.ready;
    await Promise.all([...document.images].map(image => image.decode().catch(() => null)));
    await window.anki?.imageOcclusion?.drawn;
})()"""

MEASURE = r"""(() => {
    const name = node => node.tagName.toLowerCase() + (node.id ? "#" + node.id : "")
        + [...node.classList].map(c => "." + c).join("");
    const nodes = [...document.body.querySelectorAll("*")].filter(n => n.checkVisibility() && !n.closest("mjx-assistive-mml"));
    const outside = n => { const r = n.getBoundingClientRect(); return r.right > innerWidth + 1 || r.left < -1; };
    const scrolls = n => n !== document.body && n !== document.documentElement && getComputedStyle(n).overflowX !== "visible";
    const ancestors = n => n.parentElement ? [n.parentElement, ...ancestors(n.parentElement)] : [];
    const overflowing = nodes.filter(n => outside(n) && !ancestors(n).some(a => scrolls(a) && !outside(a)));
    // Inside a formula MathJax clips on purpose.
    const clipped = nodes.filter(n => getComputedStyle(n).overflowY !== "visible" && !n.matches("mjx-container *")
        && n.scrollHeight > n.clientHeight + 1);

    const rgba = text => { const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number); return [r, g, b, a]; };
    const over = ([r, g, b, a], below) => [r, g, b].map((c, i) => c * a + below[i] * (1 - a));
    const background = n => {
        const below = n.parentElement ? background(n.parentElement) : [255, 255, 255];
        return over(rgba(getComputedStyle(n).backgroundColor), below);
    };
    const opacity = n => [n, ...ancestors(n)].reduce((all, a) => all * getComputedStyle(a).opacity, 1);
    const luminance = colour => {
        const [r, g, b] = colour.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = n => {
        const below = background(n), [r, g, b, a] = rgba(getComputedStyle(n).color);
        const [low, high] = [luminance(below), luminance(over([r, g, b, a * opacity(n)], below))].sort((x, y) => x - y);
        return (high + 0.05) / (low + 0.05);
    };
    const own = n => [...n.childNodes].filter(c => c.nodeType === Node.TEXT_NODE).map(c => c.data).join("").trim();
    const texts = nodes.filter(n => own(n) || n.matches("mjx-c, input:not([type=checkbox])"));
    const count = selector => document.querySelectorAll(selector).length;
    return {
        width: innerWidth,
        scroll_width: document.documentElement.scrollWidth,
        height: Math.ceil(Math.max(document.documentElement.getBoundingClientRect().height, document.body.scrollHeight)),
        overflowing: overflowing.map(name),
        clipped: clipped.map(name),
        scrolling: nodes.filter(n => scrolls(n) && n.scrollWidth > n.clientWidth + 1).map(name),
        formulas: count("mjx-container"),
        // An unknown command is no error to MathJax: its name is set in red.
        math_errors: count("mjx-merror, mjx-mtext[style*='color: red']"),
        broken_images: [...document.images].filter(i => !i.naturalWidth).map(i => i.getAttribute("src")),
        filters: Object.fromEntries([...document.images].map(i => [i.getAttribute("src"), getComputedStyle(i).filter])),
        contrasts: texts.map(n => ({
            element: name(n), text: own(n).slice(0, 40), color: getComputedStyle(n).color,
            ratio: Math.round(contrast(n) * 100) / 100,
        })),
    };
})()"""


def require_browser() -> str:
    """Return the path of the browser. Without a browser the test is skipped with a reason, or fails if `CI` is set."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    reason = f"NOT TESTED: no browser found ({', '.join(NAMES)}); install the Debian package `chromium`"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


class Browser:
    """One running headless Chromium."""

    def __init__(self, executable: str) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="deckgen-browser-", ignore_cleanup_errors=True)
        theirs, self._out = os.pipe()
        self._in, answers = os.pipe()
        # Chromium reads from descriptor 3 and writes to 4. The shell redirects them by path, because some shells have no `<&12`.
        rewire = f'exec "$@" 3</dev/fd/{theirs} 4>/dev/fd/{answers}'
        self._process = subprocess.Popen(
            ["sh", "-c", rewire, "sh", executable, *FLAGS, f"--user-data-dir={self._profile.name}"],
            pass_fds=(theirs, answers),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs)
        os.close(answers)
        self._buffer = b""
        self._messages = 0
        self._idle: list[tuple[str, str]] = []

    def call(self, method: str, session: str | None = None, **params: object) -> dict:
        """Run a command of the debugging protocol and return its result. Raises RuntimeError if the browser reports an error."""
        self._messages += 1
        number = self._messages
        message = {"id": number, "method": method, "params": params} | ({"sessionId": session} if session else {})
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while (answer := self._read()).get("id") != number:
            pass
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def evaluate(self, session: str, script: str) -> object:
        """Run a script in a page and return its value. A promise is awaited. Raises RuntimeError if the script raises."""
        answer = self.call("Runtime.evaluate", session, expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    @contextmanager
    def page(self, path: Path | str, width: int, scale: int = 1, scheme: str = "") -> Iterator[str]:
        """Open a page, a file or an address, with a width in CSS pixels. Wait for fonts, pictures and formulas, and yield its session.

        `scheme` is the colour scheme that the user of the browser prefers, light or dark.
        """
        target, session = self._idle.pop() if self._idle else self._new_page()
        size = {"width": width, "height": PHONE_HEIGHT, "deviceScaleFactor": scale, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", session, **size)
        # An earlier test may have set a colour scheme.
        features = [{"name": "prefers-color-scheme", "value": scheme}] if scheme else []
        self.call("Emulation.setEmulatedMedia", session, features=features)
        url = path if isinstance(path, str) else path.resolve().as_uri()
        answer = self.call("Page.navigate", session, url=url)
        if "loaderId" not in answer:  # only the fragment is another one
            self.call("Page.navigate", session, url="about:blank")
            answer = self.call("Page.navigate", session, url=url)
        loader = answer["loaderId"]
        self._wait_for("load", loader)
        self.evaluate(session, SETTLED)
        yield session
        # A page is not used again after an exception.
        self._idle.append((target, session))

    def _new_page(self) -> tuple[str, str]:
        """Open a page and return its target and session. A page is a process, so it is used again."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable", session)
        self.call("Page.setLifecycleEventsEnabled", session, enabled=True)
        return target, session

    def close(self) -> None:
        """Close the browser and delete its profile."""
        try:
            self.call("Browser.close")
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()
            os.close(self._in)
            os.close(self._out)
            self._profile.cleanup()

    def _wait_for(self, stage: str, loader: str) -> None:
        params: dict = {}
        while (params.get("name"), params.get("loaderId")) != (stage, loader):
            params = self._read().get("params", {})

    def _read(self) -> dict:
        deadline = time.monotonic() + PATIENCE
        while b"\0" not in self._buffer:
            if not select.select([self._in], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise TimeoutError(f"the browser said nothing for {PATIENCE:.0f} s")
            chunk = os.read(self._in, 1 << 16)
            if not chunk:
                raise RuntimeError("the browser ended")
            self._buffer += chunk
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)


@cache
def browser() -> Browser:
    """Return the browser that all tests of this process share."""
    running = Browser(require_browser())
    atexit.register(running.close)
    return running


def measure(html_path: Path, width: int) -> dict:
    """Return the result of `MEASURE` for a page with a width in CSS pixels."""
    with browser().page(html_path, width) as session:
        return browser().evaluate(session, MEASURE)


def screenshot(html_path: Path, png_path: Path, width: int, height: int | None = None, scale: int = 2) -> Path:
    """Write a screenshot of a page: its upper `height` CSS pixels, or all of it. Return the path."""
    with browser().page(html_path, width, scale) as session:
        height = height or browser().evaluate(session, MEASURE)["height"]
        # The window keeps the height of a phone, because some sizes depend on it.
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = browser().call("Page.captureScreenshot", session, format="png", captureBeyondViewport=True, clip=clip)
    png_path.write_bytes(base64.b64decode(shot["data"]))
    return png_path


def mathjax_dir() -> Path:
    """Return the folder of MathJax 3.2.2, the version of Anki's clients, in the package sphinx-mathjax-offline."""
    return Path(distribution("sphinx-mathjax-offline").locate_file("sphinx-mathjax-offline/static/mathjax"))


def card_page(html: str, css: str, night: bool, media_dir: Path, ord: int = 0) -> str:
    """Return the page that Anki's desktop reviewer shows for one side of a card.

    `html` is the side as the engine renders it. `media_dir` is the folder of its pictures. `ord` is the 0-based number of the
    card's template. As in Anki, the card's CSS is before its HTML, after the reviewer's CSS.
    """
    root = 'class="night-mode" data-bs-theme="dark"' if night else 'data-bs-theme="light"'
    modes = " nightMode night_mode" if night else ""
    # Loading MathJax takes as long as all the rest.
    formulas = "\\(" in html or "\\[" in html
    mathjax = f"""<script>window.MathJax = {json.dumps(MATHJAX)};</script>
<script defer src="{(mathjax_dir() / "tex-chtml-full.js").as_uri()}"></script>"""
    return f"""<!doctype html>
<html {root} dir="ltr">
<head>
<meta charset="utf-8">
<base href="{media_dir.resolve().as_uri()}/">
<title>card</title>
<style>{REVIEWER_CSS}</style>
<script>{OCCLUSION_SCRIPT}</script>
{mathjax if formulas else ""}
</head>
<body class="card card{ord + 1} isLin{modes}">
<div id="qa"><style>{css}</style>{html}</div>
</body>
</html>
"""
