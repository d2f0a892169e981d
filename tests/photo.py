"""Takes screenshots of cards. Anki's engine imports and renders the package, and a browser shows the sides as the reviewer does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from browser import card_page, screenshot
from engine import cards, collection, import_package
from PIL import Image


@dataclass(frozen=True)
class Side:
    """One side of a card. `id` is the id of the note, `number` the 0-based ordinal of the card, `html` the rendered side."""

    id: str
    number: int
    side: str
    html: str
    css: str
    media: Path

    def page(self, folder: Path, night: bool) -> Path:
        """Write the side as a page of the reviewer into the folder, and return its path."""
        path = folder / f"{self.id}-{self.number}-{self.side}-{'night' if night else 'light'}.html"
        path.write_text(card_page(self.html, self.css, night, self.media, self.number))
        return path

    def photo(self, folder: Path, night: bool, width: int = 390, scale: int = 2) -> Path:
        page = self.page(folder, night)
        return screenshot(page, page.with_suffix(".png"), width, scale=scale)


@contextmanager
def sides_of(package: Path, folder: Path) -> Iterator[list[Side]]:
    """Yield all sides of all cards of a package. In the block, the collection with its media is in the folder."""
    with collection(folder) as col:
        import_package(col, package)
        found = []
        for card in cards(col):
            output = card.render_output(browser=False)
            for side, html in (("front", output.question_text), ("back", output.answer_text)):
                found.append(
                    Side(card.note()["Id"], card.ord, side, html, card.note_type()["css"], Path(col.media.dir()))
                )
        yield found


def row(photos: list[Path], out: Path, gap: int = 16, background: str = "#8a8f98") -> Path:
    """Write one picture with the screenshots next to each other, and return its path. `gap` is in pixels."""
    pictures = [Image.open(photo).convert("RGB") for photo in photos]
    width = sum(p.width for p in pictures) + gap * (len(pictures) + 1)
    sheet = Image.new("RGB", (width, max(p.height for p in pictures) + 2 * gap), background)
    left = gap
    for picture in pictures:
        sheet.paste(picture, (left, gap))
        left += picture.width + gap
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(out, quality=75, method=6) if out.suffix == ".webp" else sheet.save(out, optimize=True)
    return out
