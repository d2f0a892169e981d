"""Media files that an edit in Anki added to notes: they become files next to the notes, with names as the deck has them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from msgspec import Struct

from deckgen.lazy_patterns import lazy_pattern
from deckgen.package.contents import PackedNote
from deckgen.pull.anki_notes import AnkiNotes
from deckgen.remote_media import media_name
from deckgen.render.html import attribute, html_of, parse_html
from deckgen.render.references import has_media_suffix

FOLDER = "img"
"""The folder next to a note file for the media that its notes get."""
_SOUND = lazy_pattern(r"\[sound:([^\]\n]+)\]")
_ELEMENTS = ["img", "audio", "video", "source"]


class NewMedia(Struct, frozen=True):
    """The media that a note gets. `files` maps paths to contents, `references` the references in the note to names in packages."""

    files: Mapping[Path, bytes]
    references: Mapping[str, str]


NO_MEDIA = NewMedia({}, {})


def with_new_media(note: PackedNote, known: set[str], anki: AnkiNotes, folder: Path) -> tuple[PackedNote, NewMedia]:
    """Return a note of Anki whose new media have the names that a build gives them, and these media.

    `known` are the media of the deck. `folder` is the folder of the note file. Files that are no media, and media that Anki does not have
    either, keep their names.
    """
    names_in_fields = {name for html in note.fields for name in media_in(html)}
    wanted = {name for name in names_in_fields - known if has_media_suffix(name)}
    if not wanted:
        return note, NO_MEDIA
    found = anki.media(wanted)
    files: dict[Path, bytes] = {}
    names: dict[str, str] = {}
    references: dict[str, str] = {}
    for name, data in sorted(found.items()):
        stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
        path = _free_path(folder / FOLDER, stem, suffix, data)
        files[path] = data
        names[name] = media_name(path.stem, path.suffix, data)
        references[f"{FOLDER}/{quote(path.name)}"] = names[name]
    fields = tuple(_renamed(html, names) for html in note.fields)
    return replace(note, fields=fields), NewMedia(files, references)


def media_in(html: str) -> set[str]:
    """The names of the media files that a field shows or plays."""
    names = {match[1] for match in _SOUND.finditer(html)}
    if "src" in html:
        soup = parse_html(html)
        names |= {attribute(element, "src") for element in soup.find_all(_ELEMENTS)}
    return {name for name in names if name and "://" not in name and not name.startswith("data:")}


def _renamed(html: str, names: Mapping[str, str]) -> str:
    html = _SOUND.sub(lambda match: f"[sound:{names.get(match[1], match[1])}]", html)
    if not media_in(html) & names.keys():
        return html
    soup = parse_html(html)
    for element in soup.find_all(_ELEMENTS):
        name = attribute(element, "src")
        element["src"] = names.get(name, name)
    return html_of(soup)


def _free_path(folder: Path, stem: str, suffix: str, data: bytes) -> Path:
    """A path in the folder that no other file has. A file with the same content is used again."""
    stem = re.sub(r"[^\w.-]+", "-", stem)[:80] or "media"
    for number in range(1, 1000):
        path = folder / (f"{stem}{suffix}" if number == 1 else f"{stem}-{number}{suffix}")
        if not path.exists() or (path.is_file() and path.read_bytes() == data):
            return path
    raise FileExistsError(f"{folder / stem}{suffix}")
