"""Diagrams in Mermaid or Graphviz, drawn by the tool of each language and frozen as the pictures of figures are.

A frozen picture is used as long as the code of its diagram is the same, so that only the author needs the tool.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from deckgen.doctor.install import library_command
from deckgen.figures.frozen import DamagedPicture, FrozenPictures
from deckgen.figures.key import digest
from deckgen.figures.manifest import Manifest
from deckgen.model import Media
from deckgen.problems import FigureError
from deckgen.scan.diagrams import DIAGRAM, Diagram

FOLDER_NAME = "diagrams"
_SECONDS = 60
_LIMIT = 500 * 1024
# The pictures are drawn with two pixels for one of the card, as those of figures.
_SCALE = 2
# Attributes with which a diagram would read files of the author's disk.
_FILES = re.compile(r"\b(?:image|imagepath|shapefile|fontpath|stylesheet)\s*=", re.I)


class Tool(Struct, frozen=True):
    """A program that draws: `command` is its name and arguments for a file with the code and one for the picture (PNG)."""

    program: str
    name: str
    command: Callable[[str, str], Sequence[str]]


TOOLS = {
    "mermaid": Tool(
        "mmdc", "Mermaid", lambda code, png: ("-i", code, "-o", png, "-b", "white", "-s", str(_SCALE), "-q")
    ),
    "graphviz": Tool("dot", "Graphviz", lambda code, png: ("-Tpng", f"-Gdpi={96 * _SCALE}", "-o", png, code)),
}


class Diagrams:
    """The diagrams of a deck; `folder` holds their frozen pictures and need not exist."""

    def __init__(self, folder: Path):
        self._frozen = FrozenPictures(folder)
        self._failed: dict[str, FigureError] = {}

    def draw(self, diagrams: Iterable[Diagram], progress: Callable[[str, int, int], None]) -> None:
        """Draw those that are not frozen and whose tool is installed. What fails is raised by `picture`."""
        missing = [each for each in {each.ref: each for each in diagrams}.values() if self._missing(each)]
        for n, diagram in enumerate(missing):
            progress("drawing diagrams", n, len(missing))
            try:
                self._freeze(diagram, draw(diagram))
            except FigureError as error:
                self._failed[diagram.ref] = error

    def picture(self, ref: str) -> Media | None:
        """The picture of a diagram, None if it is not drawn. Raises FigureError if drawing failed, or the picture is damaged."""
        if ref in self._failed:
            raise self._failed[ref]
        language, key = ref.removeprefix(DIAGRAM).split(":")
        try:
            found = self._frozen.find(key, language)
        except DamagedPicture as error:
            hint = "restore it with git, or delete it and its manifest, and build again"
            raise FigureError(f"{error.path}: {error}", code="diagram-damaged", hint=hint) from None
        return found and replace(found, width=self._frozen.width(key, language))

    def unused(self, used: Iterable[Diagram]) -> dict[str, list[Path]]:
        """The files of frozen pictures that none of the diagrams has, by the stem that the files share."""
        return self._frozen.unused((each.key, each.language) for each in used)

    def _missing(self, diagram: Diagram) -> bool:
        if shutil.which(TOOLS[diagram.language].program) is None:
            return False
        try:
            return self._frozen.find(diagram.key, diagram.language) is None
        except DamagedPicture:
            return False

    def _freeze(self, diagram: Diagram, png: bytes) -> None:
        picture, width, height = _as_webp(png, diagram)
        made = {"tool": TOOLS[diagram.language].program}
        manifest = Manifest(
            diagram.language, {}, diagram.key, digest(picture), len(picture), width, height, (), {}, made
        )
        self._frozen.write(manifest, picture)


def is_installed(ref: str) -> bool:
    """Whether the tool that draws a diagram is installed."""
    return shutil.which(TOOLS[ref.removeprefix(DIAGRAM).split(":")[0]].program) is not None


def draw(diagram: Diagram) -> bytes:
    """The picture of a diagram as PNG. Raises FigureError if the tool refuses the code or takes too long."""
    tool = TOOLS[diagram.language]
    if diagram.language == "graphviz" and (match := _FILES.search(diagram.text)):
        raise FigureError(f"a diagram cannot read files ({match[0]}…)", code="diagram-failed", hint="leave it out")
    with tempfile.TemporaryDirectory() as folder:
        code, png = Path(folder, "diagram.txt"), Path(folder, "diagram.png")
        code.write_text(diagram.text, "utf-8")
        # Graphviz reads no file but the code if it is told that it works for a server.
        environment = {**os.environ, "SERVER_NAME": "deckgen"}
        command = [tool.program, *tool.command(str(code), str(png))]
        try:
            result = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise FigureError(f"{tool.program} takes more than {_SECONDS} s", code="diagram-failed") from None
        except OSError as error:
            raise FigureError(f"{tool.program} cannot be run: {error.strerror}", code="diagram-failed") from error
        if result.returncode or not png.is_file():
            message = f"{tool.program} cannot draw the diagram: {_first_line(result.stderr or result.stdout, code)}"
            raise FigureError(message, code="diagram-failed", hint=f"correct the {tool.name} code")
        return png.read_bytes()


def _first_line(output: bytes, code: Path) -> str:
    """The first line of what a tool says, without the name of the temporary file."""
    lines = [line.strip() for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    return (lines[0] if lines else "it says nothing").replace(f"{code}: ", "").replace(str(code), "the code")[:200]


def _as_webp(png: bytes, diagram: Diagram) -> tuple[bytes, int, int]:
    """The picture as lossless WebP, its width and height in pixels of the card. Raises FigureError if it is too large."""
    try:
        from PIL import Image
    except ImportError:
        message, hint = "Pillow is not installed, which stores the picture", library_command(["Pillow"])
        raise FigureError(message, code="diagram-failed", hint=hint) from None
    image = Image.open(BytesIO(png))
    out = BytesIO()
    image.save(out, "WEBP", lossless=True, quality=100, method=4)
    if out.tell() > _LIMIT:
        message = f"the picture takes {out.tell() / 1024:.0f} KiB, more than {_LIMIT // 1024}"
        raise FigureError(message, code="diagram-failed", hint="make several diagrams of it")
    return out.getvalue(), image.width // _SCALE, image.height // _SCALE
