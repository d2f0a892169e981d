"""Tests image occlusion: masks from the drawing, cards from the names of its parts. Anki's engine reads both back."""

import io
import json
import re
from pathlib import Path

import decks
import pytest
from browser import browser, measure, require_browser
from decks import BOXES, build_in_process, package_of, run, with_pictures, write_deck
from engine import (
    ENGINE,
    Imported,
    collection,
    import_package,
    media_problems,
    note_types,
    render_errors,
    schedules,
    study,
)
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict
from photo import sides_of
from PIL import Image

from deckgen.identity.lock import load_lock
from deckgen.model import Part
from deckgen.notetypes import built_in
from deckgen.notetypes.masks import number_cards, occlusion_field

NOW = 1_700_000_000
NOTE = """# Drawing

## Which box is which? {#boxes}

Before. ![](figure:boxes "Two *boxes* of $n$"){.occlude} After, $a < b$.

Source: a book

## What is a box?

A rectangle.
"""
TYPE = "Test Deck (Image occlusion)"


def deck_with(folder: Path, drawing: str = "", note: str = NOTE) -> Path:
    """Write a deck whose figure draws the boxes in `drawing`, or its two own boxes."""
    return write_deck(folder, {"a.md": note, "figures/drawings.py": code_of(drawing) if drawing else BOXES})


def code_of(drawing: str) -> str:
    head, _, rest = BOXES.partition("    # parts\n")
    return head + drawing + rest[rest.index("    return") :]


def draws(*boxes: str) -> str:
    return "".join(f"    box({each})\n" for each in boxes)


def build(deck: Path, out: Path, now: int) -> dict:
    return asdict(build_in_process(with_pictures(deck), out, now))


UPPER, LOWER = '0.5, 1, "upper"', '2, 0.25, "lower"'
THIRD = '2.5, 1.25, "third"'


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    return deck_with(tmp_path / "deck")


def occlusion_note(col):
    [note] = [col.get_note(nid) for nid in col.find_notes(f'note:"{TYPE}"')]
    return note


def shapes(col) -> dict[int, list[dict[str, float]]]:
    """Return the rectangles that the engine finds for each card, by its number from 1."""
    read = col.get_image_occlusion_note(occlusion_note(col).id)
    assert read.WhichOneof("value") == "note", read
    found: dict[int, list[dict[str, float]]] = {}
    for each in read.note.occlusions:
        for shape in each.shapes:
            assert shape.shape == "rect"
            if ENGINE < (24,):
                pytest.skip("engines before 24 do not tell which card a shape is of")
            found.setdefault(each.ordinal, []).append({p.name: float(p.value) for p in shape.properties})
    return found


def rectangle(x: float, y: float, width: float = 1, height: float = 0.5) -> dict[str, float]:
    """Return the mask of a box. The box is in inches from the lower left corner of 4 × 2 inches.

    The mask is 3 px wider on all sides, at 195 dpi.
    """
    pad = 3 / 195
    measures = {
        "left": (x - pad) / 4,
        "top": 1 - (y + height + pad) / 2,
        "width": (width + 2 * pad) / 4,
        "height": (height + 2 * pad) / 2,
    }
    return {name: pytest.approx(value, abs=6e-5) for name, value in measures.items()} | {"oi": 1}


def cards_by_number(col) -> set[int]:
    return {card.ord + 1 for card in occlusion_note(col).cards()}


def test_the_engine_finds_the_masks_where_the_boxes_are(deck, tmp_path):
    summary = build(deck, tmp_path / "out", NOW)
    with collection(tmp_path / "learner") as col:
        assert import_package(col, package_of(summary)) == Imported(new=2, updated=0, duplicate=0, conflicting=0)
        assert note_types(col) == {TYPE, "Test Deck (Q&A)"}
        assert shapes(col) == {1: [rectangle(0.5, 1)], 2: [rectangle(2, 0.25)]}
        assert cards_by_number(col) == {1, 2} and col.card_count() == summary["cards"] == 3
        assert media_problems(col) == {"missing": [], "unused": []}


def test_a_mask_covers_the_coloured_pixels_and_the_rest_has_none(deck, tmp_path):
    """The test does not use deckgen's arithmetic. It finds the green pixels of the picture that the engine gives to its editor."""
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(build(deck, tmp_path / "out", NOW)))
        read = col.get_image_occlusion_note(occlusion_note(col).id).note
        alpha = Image.open(io.BytesIO(read.image_data)).convert("RGBA").getchannel("A")
        for [mask] in shapes(col).values():
            edges = mask["left"], mask["top"], mask["left"] + mask["width"], mask["top"] + mask["height"]
            pixels = [round(edge * size) for edge, size in zip(edges, alpha.size * 2)]
            inner = alpha.crop(pixels).getbbox()
            assert [abs(margin - 3) <= 1 for margin in (inner[0], inner[1])] == [True, True]
            assert alpha.crop(pixels).size[0] - inner[2] in (2, 3, 4) and alpha.crop(pixels).size[1] - inner[3] in (
                2,
                3,
                4,
            )
            alpha.paste(0, pixels)
        assert alpha.getbbox() is None


def test_question_and_answer_are_in_the_fields_that_anki_reads(deck, tmp_path):
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(build(deck, tmp_path / "out", NOW)))
        note = occlusion_note(col)
        read = col.get_image_occlusion_note(note.id).note
        assert read.header == "Which box is which?"
        assert read.back_extra == (
            '<p class="note-caption">Two *boxes* of \\(n\\)</p><p>Before.  After, \\(a &lt; b\\).</p>'
        )
        assert re.fullmatch(
            r'<img alt="two boxes and a label" class="computed" src="fig-boxes-[0-9a-f]{16}\.webp"/?>', note["Image"]
        )
        assert (note["Source"], note["Section"], note["Comments"]) == ("a book", "Drawing", "")
        assert col.db.scalar("select sfld from notes where id = ?", note.id) == "Which box is which?"


def test_each_card_asks_for_one_mask(deck, tmp_path):
    with sides_of(package_of(build(deck, tmp_path / "out", NOW)), tmp_path / "learner") as sides:
        for number, side in ((side.number, side) for side in sides if side.id == "boxes"):
            asked, other = f'data-ordinal="{number + 1}"', f'data-ordinal="{2 - number}"'
            mark = "cloze" if side.side == "front" else "cloze-highlight"
            # Engines before version 24 remove the mask and draw no frame in its place.
            framed = side.side == "front" or ENGINE >= (24,)
            assert (
                f'<div class="{mark}" {asked}' in side.html
            ) == framed and f'<div class="cloze-inactive" {other}' in side.html
            assert ("After" in side.html, "a book" in side.html) == (side.side == "back",) * 2
            assert "Which box is which?" in side.html
    with collection(tmp_path / "learner") as col:
        assert render_errors(col) == []


def test_the_engine_treats_the_note_type_as_its_own(deck, tmp_path):
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(build(deck, tmp_path / "out", NOW)))
        ours = col.models.by_name(TYPE)
        note = occlusion_note(col)
        # The engine adds no other type, and its editor can write the note.
        col.add_image_occlusion_notetype()
        assert [
            m.name for m in col.models.all_names_and_ids() if col.models.get(m.id).get("originalStockKind") == 6
        ].count(TYPE) == 1
        col.update_image_occlusion_note(
            note_id=note.id, occlusions=note["Occlusion"], header="mine", back_extra="x", tags=["t"]
        )
        note.load()
        assert (note["Header"], note["Back Extra"], note["Source"]) == ("mine", "x", "a book")
        with collection(tmp_path / "stock") as fresh:
            fresh.add_image_occlusion_notetype()
            stock = next(m for m in fresh.models.all() if m.get("originalStockKind") == 6)
    keys = ("name", "tag", "preventDeletion")
    assert [[f[key] for key in keys] for f in ours["flds"][:5]] == [[f[key] for key in keys] for f in stock["flds"]]
    assert all(f.get("tag") is None for f in ours["flds"][5:])
    assert (ours["type"], ours["originalStockKind"]) == (stock["type"], stock["originalStockKind"])
    script = re.search(r"<script>.*</script>", stock["tmpls"][0]["qfmt"], re.S)[0]
    for required in (
        script,
        '<div style="display: none">{{cloze:Occlusion}}</div>',
        '<div id="err"></div>',
        '<div id="image-occlusion-container">\n    {{Image}}\n    <canvas id="image-occlusion-canvas"></canvas>\n</div>',
    ):
        for side in ("qfmt", "afmt"):
            assert required in stock["tmpls"][0][side] and required in ours["tmpls"][0][side], required


def study_all(col) -> dict:
    study(col, 3)
    found = schedules(col)
    assert all(row[2] != 0 for row in found.values()), "not every card was studied"
    return found


@pytest.mark.parametrize(
    "boxes, mine",
    [
        ((UPPER, LOWER, THIRD), {1: (0.5, 1), 2: (2, 0.25), 3: (2.5, 1.25)}),
        ((THIRD, LOWER, UPPER), {1: (0.5, 1), 2: (2, 0.25), 3: (2.5, 1.25)}),
        ((LOWER, UPPER), {1: (0.5, 1), 2: (2, 0.25)}),
        (('0.75, 1.25, "upper"', '1, 0.5, "lower"'), {1: (0.75, 1.25), 2: (1, 0.5)}),
        ((LOWER, THIRD), {2: (2, 0.25), 3: (2.5, 1.25)}),
    ],
    ids=["added", "added above", "reordered", "restyled", "one removed, one added"],
)
def test_a_part_keeps_its_card_with_its_schedule(deck, tmp_path, boxes, mine):
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(build(deck, tmp_path / "one", NOW)))
        before = study_all(col)
        deck_with(deck, draws(*boxes))
        second = build(deck, tmp_path / "two", NOW + 60)
        moved = boxes != (LOWER, UPPER)
        assert (second["added"], second["changed"], second["retired"]) == (0, int(moved), 0)
        assert import_package(col, package_of(second)) == Imported(
            new=0, updated=int(moved), duplicate=2 - moved, conflicting=0
        )
        after = schedules(col)
        # Studied cards are unchanged, and cards of new parts are new. The card of a removed part stays until the learner deletes empty cards.
        assert {key: after[key] for key in before} == before
        assert cards_by_number(col) == {1, 2} | set(mine)
        assert shapes(col) == {number: [rectangle(*place)] for number, place in mine.items()}
        assert note_types(col) == {TYPE, "Test Deck (Q&A)"}


def test_the_number_of_a_removed_part_is_not_used_again(deck, tmp_path):
    steps = [(UPPER, LOWER), (UPPER,), (UPPER, THIRD), (UPPER, LOWER, THIRD)]
    expected = [{"upper": 1, "lower": 2}, {"upper": 1, "lower": 2}, *2 * [{"upper": 1, "lower": 2, "third": 3}]]
    ordinals = [{1, 2}, {1}, {1, 3}, {1, 2, 3}]
    for n, (boxes, parts, numbers) in enumerate(zip(steps, expected, ordinals)):
        deck_with(deck, draws(*boxes))
        package = package_of(build(deck, tmp_path / str(n), NOW + 60 * n))
        entries = load_lock((deck / "deck.lock").read_text(), "deck.lock").notes
        assert [entry.parts for entry in entries] == [parts, {}]
        with collection(tmp_path / f"learner{n}") as col:
            import_package(col, package)
            assert cards_by_number(col) == numbers == set(shapes(col))


def test_parts_of_a_group_share_a_card(tmp_path):
    deck = deck_with(tmp_path / "deck", draws(UPPER, '2, 0.25, "left", "pair"', '2.5, 1.25, "right", "pair"'))
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(build(deck, tmp_path / "one", NOW)))
        assert shapes(col) == {1: [rectangle(0.5, 1)], 2: [rectangle(2, 0.25), rectangle(2.5, 1.25)]}
        assert cards_by_number(col) == {1, 2}
        study_all(col)
        deck_with(
            deck, draws('0.5, 0.25, "new", "pair"', UPPER, '2, 0.25, "left", "pair"', '2.5, 1.25, "right", "pair"')
        )
        assert import_package(col, package_of(build(deck, tmp_path / "two", NOW + 60))).updated == 1
        assert {number: len(found) for number, found in shapes(col).items()} == {1: 1, 2: 3}


def test_a_second_build_gives_the_same_bytes_in_another_environment(deck, tmp_path):
    first = package_of(decks.build(deck, tmp_path / "one", NOW)).read_bytes()
    lock = (deck / "deck.lock").read_bytes()
    assert package_of(build(deck, tmp_path / "one", NOW + 60)).read_bytes() == first
    result = run("build", deck, "--out", tmp_path / "two", "--locked", PYTHONHASHSEED="7", TZ="Asia/Tokyo")
    assert result.returncode == 0, result.stderr
    assert next((tmp_path / "two").glob("*.apkg")).read_bytes() == first
    assert (deck / "deck.lock").read_bytes() == lock


names = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6)


def a_part(name: str) -> Part:
    return Part(name, None, 0.1, 0.2, 0.3, 0.4)


@given(st.lists(names, min_size=1, max_size=5))
def test_each_number_is_used_for_one_part_only(drawings):
    known: dict[str, int] = {}
    for drawn in drawings:
        numbers = number_cards(map(a_part, drawn), known)
        assert {name: numbers[name] for name in known} == known
        assert set(numbers) == set(known) | set(drawn)
        assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))
        known = numbers


def test_the_field_is_written_as_ankis_editor_writes_it():
    parts = [Part("b", None, 0, 0.25, 1, 0.12345), Part("a", None, 0.1, 0.2, 0.3, 0.4)]
    assert occlusion_field(parts, {"a": 1, "b": 4}) == (
        "{{c1::image-occlusion:rect:left=.1000:top=.2000:width=.3000:height=.4000:oi=1}}<br>"
        "{{c4::image-occlusion:rect:left=.0000:top=.2500:width=1.0000:height=.1235:oi=1}}<br>"
    )


# Problems and their places.

FENCE = "```\n![](figure:boxes){.occlude}\n```"


@pytest.mark.parametrize(
    "answer, place, message",
    [
        ("![x](img/a.png){.occlude}", "5:1", "img/a.png is not a figure"),
        ("Text ![x](https://e.org/a.png 'T'){: .wide .occlude}", "5:6", "https://e.org/a.png is not a figure"),
        ("![](figure:boxes)\n{.occlude}", "6:2", "no picture stands before .occlude"),
        ("**bold**{.occlude}", "5:10", "no picture stands before .occlude"),
        (
            "![](figure:boxes){.occlude}\n\n![](figure:boxes){.occlude}",
            "7:1",
            "the note occludes another picture already",
        ),
        ("{{c1::a}} and\n\n![](figure:boxes){.occlude}", "7:1", "a note cannot occlude a picture and have clozes"),
        ("![](figure:plain){.occlude}", "5:19", "the figure names no parts to occlude"),
        ("![](figure:box){.occlude}", "5:5", "there is no figure box"),
        ("<div>\n![](figure:boxes){.occlude}\n</div>", "6:19", "no picture stands before .occlude"),
    ],
)
def test_an_answer_that_cannot_be_occluded_is_a_problem_at_its_place(tmp_path, answer, place, message):
    plain = (
        BOXES.replace("boxes", "plain")
        .replace("part(axes.add_patch(", "(axes.add_patch(")
        .replace("), name, group)", "))")
    )
    deck = write_deck(
        tmp_path / "deck", {"a.md": f"# D\n\n## Q?\n\n{answer}\n", "figures/one.py": BOXES, "figures/two.py": plain}
    )
    result = run("build", with_pictures(deck).name, "--out", tmp_path / "out", cwd=tmp_path)
    assert result.returncode == 1
    errors = [line for line in result.stderr.splitlines() if ": error: " in line]
    assert len(errors) == 1 and errors[0].startswith(f"deck/a.md:{place}: error: {message}"), result.stderr
    assert not [*(tmp_path / "out").glob("*.apkg")]


def test_classes_of_other_notes_have_no_meaning(tmp_path):
    deck_with(tmp_path / "deck", note=NOTE.replace("{#boxes}", "{#boxes .reversed}"))
    result = run("check", "deck", cwd=tmp_path)
    assert (
        result.stderr
        == "deck/a.md:3:1: warning: .reversed has no meaning on an image-occlusion note [attribute-unused]\n"
    )


def test_an_occlusion_in_code_is_text(tmp_path):
    deck = write_deck(tmp_path / "deck", {"a.md": f"# D\n\n## Q?\n\n`![](figure:boxes){{.occlude}}`\n\n{FENCE}\n"})
    [note] = json.loads(run("list", deck, "--json").stdout)
    assert note["kind"] == "basic"


def test_list_and_check_draw_no_figure(deck):
    listed = json.loads(run("list", deck, "--json").stdout)
    assert [(note["kind"], note["question"]) for note in listed] == [
        ("occlusion", "Which box is which?"),
        ("basic", "What is a box?"),
    ]
    assert "After" in listed[0]["back"]
    result = run("check", deck, "--strict")
    assert (result.returncode, result.stderr) == (0, "")


# The parts that an author names.

UNCOVERABLE = [
    (draws(UPPER, UPPER), "there already is a part 'upper'"),
    (draws(UPPER, '2, 0.25, "other", "upper"'), "'upper' is the name both of a part and of a group"),
    (draws('0.5, 1, " "'), "needs a name"),
    (draws('0.5, 1, "a", ""'), "a group that has a name"),
    (draws(UPPER, '1, 1.2, "over it"'), "the parts 'upper' and 'over it' overlap"),
    (draws('4.5, 1, "outside"'), "the part 'outside' covers nothing that can be seen"),
    (
        '    part(axes.text(1, 1, "hidden", visible=False), "hidden")\n',
        "the part 'hidden' covers nothing that can be seen",
    ),
    ('    part(Figure().text(0.5, 0.5, "x"), "elsewhere")\n', "the part 'elsewhere' is not in the picture"),
    ('    part([], "none")\n', "an artist"),
]


def test_a_part_that_no_mask_can_cover_is_an_error_of_the_figure(tmp_path):
    files = {
        f"figures/f{n}.py": code_of(drawing).replace("def boxes", f"def f{n}").replace("@boxes", f"@f{n}")
        for n, (drawing, _) in enumerate(UNCOVERABLE)
    }
    note = "".join(f"# Q{n}?\n\n![](figure:f{n}){{.occlude}}\n\n" for n in range(len(UNCOVERABLE)))
    result = run("build", write_deck(tmp_path / "deck", {"a.md": note, **files}), "--out", tmp_path / "out")
    assert result.returncode == 1 and "Traceback" not in result.stderr
    errors = [line for line in result.stderr.splitlines() if ": error: " in line]
    assert len(errors) == len(UNCOVERABLE)
    for n, (error, (_, message)) in enumerate(zip(errors, UNCOVERABLE)):
        assert f"a.md:{4 * n + 3}:5: error: figure f{n}(): " in error and message in error


def test_several_artists_make_one_mask_and_parts_of_a_group_may_overlap(tmp_path):
    both = 'part([axes.add_patch(Rectangle(corner, 1, 0.5)) for corner in ((0.5, 1.2), (2, 0.9))], "both")'
    deck = deck_with(tmp_path / "deck", f"    {both}\n" + draws('0.2, 0, "a", "g"', '0.4, -0.1, "b", "g"'))
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(build(deck, tmp_path / "out", NOW)))
        found = shapes(col)
        assert found[1] == [rectangle(0.5, 0.9, 2.5, 0.8)]
        # A mask ends at the edge of the picture.
        assert [mask["top"] + mask["height"] for mask in found[2]] == [pytest.approx(1, abs=1e-4)] * 2


def test_every_text_is_covered_by_its_mask(tmp_path):
    drawing = '    part(axes.text(2, 1, "softmax $\\\\frac{a}{b}$ 注意力", ha="center", rotation=30), "label")\n'
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(build(deck_with(tmp_path / "deck", drawing), tmp_path / "out", NOW)))
        picture = Image.open(io.BytesIO(col.get_image_occlusion_note(occlusion_note(col).id).note.image_data)).convert(
            "RGBA"
        )
        [[mask]] = shapes(col).values()
        width, height = picture.size
        left, top, right, bottom = picture.getchannel("A").getbbox()
        assert mask["left"] * width <= left and right <= (mask["left"] + mask["width"]) * width
        assert mask["top"] * height <= top and bottom <= (mask["top"] + mask["height"]) * height


def test_a_lost_or_damaged_manifest_is_written_again(deck, tmp_path):
    first = package_of(decks.build(deck, tmp_path / "out", NOW)).read_bytes()
    [manifest] = (deck / "figures" / "frozen").glob("*.json")
    whole = manifest.read_text()
    assert [row["name"] for row in json.loads(whole)["parts"]] == ["upper", "lower"]
    for damaged in (None, whole[: len(whole) // 2], "[1]", "[" * 100_000):
        manifest.unlink() if damaged is None else manifest.write_text(damaged)
        assert package_of(build(deck, tmp_path / "out", NOW)).read_bytes() == first
        assert manifest.read_text() == whole


def test_the_example_of_the_documentation_works(tmp_path):
    page = (Path(__file__).parents[1] / "docs" / "figures.md").read_text()
    section = page[page.index("## Cover its parts") : page.index("## Share code")]
    [(_, code), (_, note)] = re.findall(r"^```(python|markdown)\n(.*?)^```$", section, re.M | re.S)
    deck = write_deck(tmp_path / "deck", {"a.md": note, code.splitlines()[0].removeprefix("# "): code})
    with collection(tmp_path / "learner") as col:
        import_package(col, package_of(decks.build(deck, tmp_path / "out", NOW, "--strict")))
        assert {number: len(found) for number, found in shapes(col).items()} == {1: 1, 2: 2}
        assert "opposite the right angle" in col.get_image_occlusion_note(occlusion_note(col).id).note.back_extra


# The look of the masks.

PIXEL = """(([x, y]) => {
    const canvas = document.getElementById("image-occlusion-canvas"), image = document.querySelector("#image-occlusion-container img");
    const a = canvas.getBoundingClientRect(), b = image.getBoundingClientRect();
    const data = canvas.getContext("2d").getImageData(x * canvas.width, y * canvas.height, 1, 1).data;
    const same = ["left", "top", "width", "height"].every(side => Math.abs(a[side] - b[side]) < 0.5);
    return [data[3], same, Math.abs(a.width / a.height - image.naturalWidth / image.naturalHeight) < 0.02, getComputedStyle(image).filter,
            document.getElementById("err").textContent];
})"""


@pytest.mark.parametrize("night", [False, True], ids=["light", "night"])
def test_masks_are_on_the_picture_in_both_modes(deck, tmp_path, night):
    require_browser()
    with sides_of(package_of(build(deck, tmp_path / "out", NOW)), tmp_path / "learner") as sides:
        for side in (side for side in sides if side.id == "boxes"):
            page = side.page(tmp_path, night)
            for width in (390, 900):
                found = measure(page, width)
                assert found["scroll_width"] == width and found["overflowing"] == [], found["overflowing"]
                assert [c for c in found["contrasts"] if c["ratio"] < 4.5] == []
                assert found["broken_images"] == []
            with browser().page(page, 390) as session:
                masks = {}
                for number, (x, y) in {0: (1 / 4, 1 - 1.25 / 2), 1: (2.5 / 4, 1 - 0.5 / 2), None: (0.02, 0.98)}.items():
                    opaque, aligned, kept, filter_, error = browser().evaluate(session, f"{PIXEL}([{x}, {y}])")
                    assert (aligned, kept, error) == (True, True, "")
                    assert (filter_ != "none") == night
                    masks[number] = opaque == 255
            # Only the back shows the part that the card asks for. The other masks stay.
            assert masks == {side.number: side.side == "front", 1 - side.number: True, None: False}


def test_no_other_note_type_has_the_css_of_masks():
    assert "image-occlusion" in built_in()["occlusion"].css
    assert all("image-occlusion" not in built_in()[kind].css for kind in ("basic", "cloze"))
