"""A diff as one HTML page that needs no other file: the cards of both packages, in light and night mode, with their own CSS.

Packages come from anywhere. So the page's content security policy allows only its own script, and loads nothing.
"""

import base64
import hashlib
import mimetypes
from collections.abc import Iterable
from pathlib import Path

from deckgen.diff.compare import Diff
from deckgen.diff.heading import heading
from deckgen.diff.note_view import SideView
from deckgen.diff.sections import sections
from deckgen.diff.sides import media_of
from deckgen.diff.summary import counts, title, type_changes
from deckgen.jinja import fill_page
from deckgen.package.contents import Package
from deckgen.package.read import read_media

_HERE = Path(__file__).parent
# Larger files are named and not shown. The page must stay small enough for a browser.
_LARGEST_MEDIA = 4 * 2**20  # bytes
_OPEN_CARDS = 3


def page(diff: Diff) -> str:
    """Return the HTML of the page. Raises DeckError if media of a package cannot be read."""
    parts = sections(diff)
    sides = [side for part in parts for view in part.notes for side in view.sides]
    script = _read("page.js")
    values = {
        "title": heading(diff),
        "files": f"{diff.old.path.name} → {diff.new.path.name}",
        "counts": counts(diff),
        "types": [
            {"name": change.name, "summary": type_changes(change), "breaks": change.breaks} for change in diff.types
        ],
        "sections": parts,
        "moved": _moved_notes(diff),
        "media_names": _media_names(diff),
        "open_cards": _OPEN_CARDS,
        "css": _read("page.css"),
        "styles": {side.style: side.css for side in sides},
        "media": _shown_media(diff, sides),
        "script": script,
        "script_digest": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }
    return fill_page(_HERE / "page.html", values)


def _moved_notes(diff: Diff) -> list[dict[str, str]]:
    return [
        {"title": title(change.new), "old": ", ".join(change.old.decks), "new": ", ".join(change.new.decks)}
        for change in diff.moved
    ]


def _media_names(diff: Diff) -> list[tuple[str, str]]:
    """Return the names of media that differ, each with the HTML element that marks it."""
    media = diff.media
    return [
        (element, name)
        for element, names in (("ins", media.added), ("del", media.removed), ("b", media.changed))
        for name in names
    ]


def _shown_media(diff: Diff, sides: Iterable[SideView]) -> dict[str, dict[str, str]]:
    """Return side → name → digest, and under `files` digest → data URI. So a picture of both sides is in the page once."""
    shown: dict[str, set[str]] = {"old": set(), "new": set()}
    for side in sides:
        shown[side.package] |= media_of(side.html)
    found: dict[str, dict[str, str]] = {"files": {}}
    for name, package in (("old", diff.old), ("new", diff.new)):
        digests = {m.name: m.digest for m in package.media if m.name in shown[name] and m.size <= _LARGEST_MEDIA}
        found[name] = digests
        found["files"] |= _data_uris(package, digests, found["files"])
    return found


def _data_uris(package: Package, digests: dict[str, str], known: dict[str, str]) -> dict[str, str]:
    """Return digest → data URI of the files in `digests` (name → digest) that are not in `known`."""
    contents = read_media(package, {name for name, digest in digests.items() if digest not in known})
    return {digests[name]: _data_uri(name, data) for name, data in contents.items()}


def _data_uri(name: str, data: bytes) -> str:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _read(name: str) -> str:
    return (_HERE / name).read_text("utf-8")
