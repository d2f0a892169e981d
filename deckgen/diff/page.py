"""A diff as one HTML page that needs nothing else: both sides as cards, in light and night, with the packages' own looks.

The page's policy lets nothing load and no script run but its own, for packages come from anywhere.
"""

import base64
import hashlib
import json
import mimetypes
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from string import Template

from deckgen.cards.formulas import formulas_to_mathml
from deckgen.diff.compare import Diff, NoteChange
from deckgen.diff.heading import heading
from deckgen.diff.sides import CardPair, card_pairs, media_of
from deckgen.diff.summary import counts, title
from deckgen.diff.words import Change, WordRun, compare_words
from deckgen.package.contents import Package, PackedNote
from deckgen.package.read import read_media

_HERE = Path(__file__).parent
# Larger files are named, not shown: a page must stay one that a browser opens.
_LARGEST = 4 * 2**20
_OPEN_CARDS = 3


def page(diff: Diff) -> str:
    """The page's text."""
    body = _Body(diff)
    html = "\n".join(body.sections())
    script = _read("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        "default-src 'none'; img-src data:; media-src data:; font-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    return Template(_read("page.html")).substitute(
        policy=policy,
        title=escape(heading(diff)),
        files=escape(f"{diff.old.path.name} → {diff.new.path.name}"),
        css=_read("page.css"),
        counts=escape(counts(diff)),
        body=html,
        styles=_json(body.styles),
        media=_json(_media(diff, body.shown)),
        script=script,
    )


class _Body:
    """The sections, and what was met on the way: styles by their digest, and which files each side shows."""

    def __init__(self, diff: Diff):
        self.diff = diff
        self.styles: dict[str, str] = {}
        self.shown: dict[str, set[str]] = {"old": set(), "new": set()}

    def sections(self) -> Iterator[str]:
        diff = self.diff
        yield _section("Note types", _types(diff))
        yield _section("Changed", (self._changed(change) for change in diff.changed))
        yield _section("Added", (self._single(note, "new") for note in diff.added))
        yield _section("Removed", (self._single(note, "old") for note in diff.removed))
        yield _section("Moved", _moved(diff))
        yield _section("Media", _files(diff))

    def _changed(self, change: NoteChange) -> str:
        facts = [
            *_facts(change.new),
            *(["<span class=warning>not newer: Anki would not take the change</span>"] if not change.newer else []),
        ]
        tags = _tags(change)
        rows = [_row(field.name, compare_words(field.old or "", field.new or "")) for field in change.fields]
        return _article(
            change.new, facts, "".join([tags, self._cards(change.old, change.new), _details("Fields", rows)])
        )

    def _single(self, note: PackedNote, side: str) -> str:
        tags = f'<p class="facts">{escape(" ".join(note.tags))}</p>' if note.tags else ""
        old, new = (note, None) if side == "old" else (None, note)
        rows = [_row(name, (WordRun(Change.SAME, (html,)),)) for name, html in note.named().items() if html]
        return _article(note, _facts(note), "".join([tags, self._cards(old, new), _details("Fields", rows)]))

    def _cards(self, old: PackedNote | None, new: PackedNote | None) -> str:
        pairs = [self._pair(pair, old, new) for pair in card_pairs(old, new)]
        more = (
            f"<details><summary>{len(pairs) - _OPEN_CARDS} more cards</summary>{''.join(pairs[_OPEN_CARDS:])}</details>"
        )
        return "".join(pairs[:_OPEN_CARDS]) + (more if len(pairs) > _OPEN_CARDS else "")

    def _pair(self, pair: CardPair, old: PackedNote | None, new: PackedNote | None) -> str:
        """A row a side of the card, old beside new; of a card that only one package has, a row of both its sides."""
        cells = [
            [
                self._side(sides[n], side, note, pair.ordinal, f"{side}, {pair.name}: {word}")
                for sides, side, note in ((pair.old, "old", old), (pair.new, "new", new))
                if sides and note
            ]
            for n, word in enumerate(("question", "answer"))
            if not (n == 0 and pair.same_question)
        ]
        rows = cells if pair.old and pair.new else [[cell for row in cells for cell in row]]
        return "".join(f'<div class="pair">{"".join(row)}</div>' for row in rows)

    def _side(self, html: str, side: str, note: PackedNote, ordinal: int, label: str) -> str:
        css = note.notetype.css
        key = hashlib.sha256(css.encode()).hexdigest()[:12]
        self.styles[key] = css
        self.shown[side] |= media_of(html)
        return (
            f'<div class="{side}"><p class="label">{escape(label)}</p><div class="side" data-style="{key}" data-package="{side}" '
            f'data-ordinal="{ordinal}" data-html="{escape(formulas_to_mathml(html))}"></div></div>'
        )


def _section(name: str, items: Iterable[str]) -> str:
    found = list(items)
    return f"<section><h2>{name} ({len(found)})</h2>\n{''.join(found)}</section>" if found else ""


def _article(note: PackedNote, facts: list[str], body: str) -> str:
    return (
        f'<article id="{escape(note.guid)}"><h3>{escape(title(note))}</h3>'
        f'<p class="facts">{"".join(facts)}</p>{body}</article>\n'
    )


def _facts(note: PackedNote) -> list[str]:
    return [f"<span>{escape(text)}</span>" for text in (note.notetype.name, ", ".join(note.decks), note.guid)]


def _tags(change: NoteChange) -> str:
    marks = [f"<ins>{escape(tag)}</ins>" for tag in change.tags_added] + [
        f"<del>{escape(tag)}</del>" for tag in change.tags_removed
    ]
    return f'<p class="facts">Tags: {" ".join(marks)}</p>' if marks else ""


def _details(name: str, rows: list[str]) -> str:
    return f"<details><summary>{name}</summary><table>{''.join(rows)}</table></details>" if rows else ""


def _row(name: str, runs: Iterable[WordRun]) -> str:
    elements = {Change.SAME: "", Change.REMOVED: "del", Change.ADDED: "ins"}
    pieces = (
        f"<{elements[run.change]}>{escape(run.text)}</{elements[run.change]}>"
        if elements[run.change]
        else escape(run.text)
        for run in runs
    )
    return f"<tr><th>{escape(name)}</th><td>{''.join(pieces)}</td></tr>"


def _types(diff: Diff) -> Iterator[str]:
    for change in diff.types:
        what = "added" if change.old is None else "removed" if change.new is None else "; ".join(change.what)
        breaks = ' <span class="warning">Anki will not update its notes in place.</span>' if change.breaks else ""
        yield f"<p><b>{escape(change.name)}</b>: {escape(what)}.{breaks}</p>"


def _moved(diff: Diff) -> Iterator[str]:
    for change in diff.moved:
        yield (
            f"<p>{escape(title(change.new))}: <del>{escape(', '.join(change.old.decks))}</del> → "
            f"<ins>{escape(', '.join(change.new.decks))}</ins></p>"
        )


def _files(diff: Diff) -> Iterator[str]:
    media = diff.media
    for element, names in (("ins", media.added), ("del", media.removed), ("b", media.changed)):
        yield from (f"<p><{element}>{escape(name)}</{element}></p>" for name in names)


def _media(diff: Diff, shown: dict[str, set[str]]) -> dict[str, dict[str, str]]:
    """Side → name → digest, and under `files` digest → data URI: a picture on both sides stands in the page once."""
    found: dict[str, dict[str, str]] = {"files": {}}
    for side, package in (("old", diff.old), ("new", diff.new)):
        digests = {m.name: m.digest for m in package.media if m.name in shown[side] and m.size <= _LARGEST}
        found[side] = digests
        found["files"] |= _uris(package, digests, found["files"])
    return found


def _uris(package: Package, digests: dict[str, str], known: dict[str, str]) -> dict[str, str]:
    contents = read_media(package, {name for name, digest in digests.items() if digest not in known})
    return {
        digests[
            name
        ]: f"data:{mimetypes.guess_type(name)[0] or 'application/octet-stream'};base64,{base64.b64encode(data).decode()}"
        for name, data in contents.items()
    }


def _json(value: object) -> str:
    """JSON that may stand in a script element: nothing in it can end the element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def _read(name: str) -> str:
    return (_HERE / name).read_text("utf-8")
