"""Packages of decks that were made elsewhere: by genanki, and by Anki's engine in all its formats."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import genanki
from anki.collection import Collection, ExportAnkiPackageOptions
from decks import PIXEL
from engine import collection

ANIMALS = [
    ("perro", "dog<br>hound", "spanish animal", "A::Animals"),
    ("gato", "<div>cat</div><div>It <b>sleeps</b>.</div>", "spanish", "A::Animals"),
    ("1. uno", 'one <img src="dot.png"> [sound:uno.mp3]', "numbers::small", "A::Numbers"),
    ("¿Qué?", "What? &lt;b&gt; $5 or $6, a*b*c, [x](y) {#id}", "", "A"),
    ("# not a heading", "<ul><li>a</li><li>b <i>c</i></li></ul>", "marked", "A"),
    ("<p>two</p><p>paragraphs</p>", '<table><tr><td style="color: red">1</td></tr></table>text', "", "A"),
    ("twice", "same", "", "A"),
    ("twice", "same", "", "A"),
    ("code", "<pre>## x\n\n**Back:** y\n</pre><code>a_b</code>", "", "A"),
    ("math \\(x_1 &lt; y\\)", "\\[\\frac{a}{b}\\]", "", "A"),
    ("latex", "[latex]a<br>b[/latex] and [$]x^2[/$]", "", "A"),
    ("missing", '<img src="lost.png"> [sound:lost.mp3] <a href="page.html">link</a>', "", "A"),
    ("**Back:** not a label", "<b>Back:</b> neither<br><b>Front:</b> x", "", "A"),
    ("Tags", "<b>Tags:</b> a b", "", "A"),
    ("", "a note without a front", "", "A"),
]
CLOZES = [
    ("{{c1::Madrid}} is the capital of {{c2::Spain::country}}.", "extra {{c3::text}}"),
    ("<div>{{c1::<ul><li>one</li><li>two</li></ul>}}</div>", ""),
    ("{{c1::\\(\\frac{1}{2} \\)}} and {{c2::a::b}}", "<i>see</i> there"),
    ("{{c1::nested {{c2::cloze}}}}", "::"),
]
WORDS = [
    ("tree", "<b>arbre</b>", "A tree.<br>Two trees.", "", "[sound:uno.mp3]"),
    ("sea", "mer", "", "see <u>also</u>", ""),
    ("house", "maison", "<blockquote>Home.</blockquote>", "x", '<img src="a b.png" width="20">'),
]
OCCLUSION = "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}<br>{{c2::image-occlusion:rect:left=.5:top=.2:width=.3:height=.4:oi=1}}<br>"
MEDIA = {"dot.png": PIXEL, "uno.mp3": b"ID3 one", "a b.png": PIXEL + b"2", "_style.css": b".x { color: red; }"}


def media_files(folder: Path) -> list[Path]:
    """Write the media into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in MEDIA.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in MEDIA]


def genanki_package(folder: Path) -> Path:
    """A deck with sub-decks as genanki writes it: fields and templates have no ids."""
    model = genanki.Model(
        1607392319,
        "Basic (and reversed)",
        fields=[{"name": "Front"}, {"name": "Back", "font": "Arial", "size": 24}],
        templates=[
            {"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"},
            {"name": "Card 2", "qfmt": "{{Back}}", "afmt": "{{FrontSide}}<hr id=answer>{{Front}}"},
        ],
        css='@import url("_style.css");\n.card { font-size: 20px; }\n',
    )
    decks = {name: genanki.Deck(2059400110 + n, name) for n, name in enumerate(("A", "A::Animals", "A::Numbers"))}
    decks["A"].description = "All <b>words</b>."
    for n, (front, back, tags, deck) in enumerate(ANIMALS):
        decks[deck].add_note(genanki.Note(model, [front, back], tags=tags.split(), guid=f"g;{n}{{}}<&"))
    package = genanki.Package(list(decks.values()), [str(path) for path in media_files(folder / "media")])
    path = folder / "genanki.apkg"
    package.write_to_file(str(path), timestamp=1_700_000_000)
    return path


def engine_package(folder: Path, *, legacy: bool) -> Path:
    """Clozes, a type with five fields, and image occlusion, exported by Anki's engine."""
    path = folder / f"engine-{'legacy' if legacy else 'new'}.apkg"
    with _filled(folder) as col:
        options = ExportAnkiPackageOptions(
            with_scheduling=False, with_deck_configs=False, with_media=True, legacy=legacy
        )
        col.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


def collection_package(folder: Path) -> Path:
    """The same as a collection package."""
    path = folder / "all.colpkg"
    with _filled(folder) as col:
        col.export_collection_package(str(path), include_media=True, legacy=False)
    return path


@contextmanager
def _filled(folder: Path) -> Iterator[Collection]:
    with collection(folder / "made") as col:
        for path in media_files(folder / "media"):
            col.media.add_file(str(path))
        _add_words(col)
        for n, fields in enumerate(CLOZES):
            _add(col, "Cloze", fields, "Langues::Clozes", f"c{n}")
        col._backend.add_image_occlusion_notetype()
        _add(col, "Image Occlusion", (OCCLUSION, '<img src="dot.png">', "header", "", ""), "Langues::Images", "io")
        yield col


def _add_words(col: Collection) -> None:
    model = col.models.new("Word: 5 fields")
    for name in ("Word", "Translation", "Example (long)", "Note", "Sound"):
        col.models.add_field(model, col.models.new_field(name))
    model["flds"][3]["rtl"] = True
    for name, front, back in (
        ("Read", "{{Word}}", "{{FrontSide}}<hr>{{Translation}}{{#Note}}<p>{{Note}}</p>{{/Note}}{{Sound}}"),
        ("Write", "{{#Example (long)}}{{Example (long)}}{{/Example (long)}}", "{{Word}}"),
    ):
        template = col.models.new_template(name)
        template["qfmt"], template["afmt"] = front, back
        col.models.add_template(model, template)
    model["css"] += "b { color: blue; }"
    col.models.add(model)
    for n, fields in enumerate(WORDS):
        _add(col, "Word: 5 fields", fields, "Langues::Français", f"w{n}", "français mot")


def _add(col: Collection, model: str, fields: tuple[str, ...], deck: str, guid: str, tags: str = "") -> None:
    notetype = col.models.by_name(model)
    assert notetype is not None
    note = col.new_note(notetype)
    note.fields = [*fields, *[""] * (len(notetype["flds"]) - len(fields))]
    note.guid, note.tags = guid, tags.split()
    col.add_note(note, col.decks.id(deck))
