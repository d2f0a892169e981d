"""A snapshot as JSON, for the page."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from deckgen.preview.cards import Card
from deckgen.preview.live import Snapshot


def deck_payload(snapshot: Snapshot, since: Snapshot | None = None) -> str:
    """The list of notes with the deck's problems, as JSON.

    `since` is the snapshot that a page has: if the notes and their order are the same, `updated` has only the rows that changed,
    and there is no `notes`.
    """
    rows: dict[str, Any] = {"notes": [row.json() for row in snapshot.rows]}
    if since is not None and list(since.notes) == list(snapshot.notes):
        rows = {"updated": [new.json() for old, new in zip(since.rows, snapshot.rows) if new != old]}
    return json.dumps({**about(snapshot), **rows, "here": str(Path.cwd())}, ensure_ascii=False)


def about(snapshot: Snapshot) -> dict[str, Any]:
    """All of a deck's list but the notes."""
    return {
        "name": snapshot.name,
        "description": MarkdownIt("commonmark", {"html": False}).render(snapshot.description),
        "number": snapshot.number,
        "failed": snapshot.failed,
        "computing": snapshot.computing,
        "since": "" if snapshot.changed is None else snapshot.since,
        "changed": sorted(snapshot.changed or ()),
        "looks": dict(snapshot.looks),
        "problems": [
            {
                "file": each.file,
                "line": each.line,
                "column": each.column,
                "severity": str(each.severity),
                "code": each.code,
                "message": each.message,
                "hint": each.hint,
            }
            for each in snapshot.problems
        ],
    }


def cards_payload(cards: Sequence[Card]) -> list[dict[str, Any]]:
    """The cards of a note."""
    return [{"ordinal": card.ordinal, "name": card.name, "front": card.front, "back": card.back} for card in cards]
