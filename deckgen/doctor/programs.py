"""Checks of the programs that deckgen works with: git, a browser, tools of diagrams, and fonts for Chinese."""

import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Iterator, Mapping

from deckgen.doctor.check import Check, State, shown_path
from deckgen.doctor.install import program_command

_SECONDS = 10
_ADDRESS = "https://git-scm.com"
# Program → what draws with it, and the names of its package.
_DIAGRAMS: Mapping[str, tuple[str, Mapping[str, str], str]] = {
    "dot": (
        "Graphviz",
        dict.fromkeys(("brew", "apt-get", "dnf", "pacman"), "graphviz") | {"winget": "Graphviz.Graphviz"},
        "install Graphviz",
    ),
    "mmdc": ("Mermaid", {}, "npm install --global @mermaid-js/mermaid-cli"),
}
_FONTS = {"apt-get": "fonts-noto-cjk", "dnf": "google-noto-sans-cjk-fonts", "pacman": "noto-fonts-cjk"}


def program_checks() -> Iterator[Check]:
    """Yield the checks of the programs."""
    yield from _git()
    yield _browser()
    for program, (name, packages, otherwise) in _DIAGRAMS.items():
        yield _diagrams(program, name, packages, otherwise)
    if sys.platform not in ("win32", "darwin"):
        yield _fonts()


def _git() -> Iterator[Check]:
    """Check git, and that it knows who commits. A release makes a commit."""
    purpose = "deckgen release, and to share a deck"
    found = _output("git", "--version")
    if found is None:
        names = dict.fromkeys(("brew", "apt-get", "dnf", "pacman"), "git") | {"winget": "Git.Git"}
        yield Check("git", State.MISSING, "not found", purpose, program_command(names, f"install it from {_ADDRESS}"))
        return
    yield Check("git", State.OK, found.removeprefix("git version "), purpose)
    unset = [key for key in ("user.name", "user.email") if not _output("git", "config", "--get", key)]
    if unset:
        remedy = "; ".join(f'git config --global {key} "…"' for key in unset)
        yield Check("git author", State.MISSING, f"{' and '.join(unset)} not set", "the commit of a release", remedy)


def _browser() -> Check:
    """Check that a browser can be opened. `deckgen preview` opens its page in it."""
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        remedy = "open the address that deckgen preview prints in a browser of another machine or window"
        return Check("browser", State.MISSING, "not found", "deckgen preview opens it", remedy)
    return Check("browser", State.OK, str(getattr(found, "name", "the system's own")), "deckgen preview opens it")


def _diagrams(program: str, name: str, packages: Mapping[str, str], otherwise: str) -> Check:
    purpose = f"to draw {name} diagrams; a build takes frozen pictures without it"
    found = shutil.which(program)
    if found:
        return Check(name, State.OK, shown_path(found), purpose)
    return Check(name, State.MISSING, f"{program} not found", purpose, program_command(packages, otherwise))


def _fonts() -> Check:
    """Check that there is a font with Chinese characters. Figures have a font of their own, cards use those of the system."""
    purpose = "to see cards in Chinese in a browser"
    families = _output("fc-list", ":lang=zh", "family")
    if families is None:
        return Check("Chinese fonts", State.MISSING, "fc-list not found, so fonts are not known", purpose)
    if families:
        return Check("Chinese fonts", State.OK, sorted(families.splitlines())[0].partition(",")[0], purpose)
    remedy = program_command(_FONTS, "install the fonts Noto Sans CJK")
    return Check("Chinese fonts", State.MISSING, "not found", purpose, remedy)


def _output(*command: str) -> str | None:
    """Return what a program prints, None if it cannot be run or does not end. A program that fails has printed nothing."""
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        done = subprocess.run([program, *command[1:]], capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return "" if done.returncode else done.stdout.decode("utf-8", "replace").strip()
