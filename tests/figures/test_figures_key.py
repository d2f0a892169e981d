"""What makes a picture out of date, and what does not."""

import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

import deckgen
from deckgen.figures.discover import discover
from deckgen.figures.key import dependencies, key
from deckgen.figures.request import resolve
from deckgen.figures.sources import Sources

MODULES = {
    "main": """
        from deckgen.figures import figure
        import helpers
        from models.core import softmax

        SIZE = 3

        @figure(alt="a line")
        def line(n: int = 3):
            return helpers.draw(softmax(n), SIZE)

        @line.check
        def _(n):
            assert n
    """,
    "helpers": "import deeper\ndef draw(x, y): return deeper.draw(x, y)",
    "deeper": "def draw(x, y): return x + y",
    "models/__init__": "",
    "models/core": "def softmax(x): return x",
    "unrelated": "x = 1",
    "models/unrelated": "x = 1",
}


def key_of(figures: Path, ref: str = "figure:line") -> str:
    sources = Sources(figures)
    return key(dependencies(resolve(ref, discover(sources)), sources.closure("main")))


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("main", "SIZE = 3", "SIZE = 4"),
        ("main", "assert n", "assert n > 1"),
        ("main", "a line", "a curve"),
        ("main", "n: int = 3", "n: int = 4"),
        ("helpers", "draw(x, y): return", "draw(x, y): return 2 *"),
        ("deeper", "x + y", "x - y"),
        ("models/core", "return x", "return -x"),
        ("models/__init__", "", "import sys"),
    ],
)
def test_a_change_of_code_the_figure_uses_is_a_new_key(folder, module: str, old: str, new: str) -> None:
    before = key_of(folder(MODULES))
    assert old in MODULES[module]
    assert key_of(folder({module: MODULES[module].replace(old, new)})) != before


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("main", "SIZE = 3", "SIZE  =  3  # entries"),
        ("deeper", "def draw(x, y): return x + y", "# adds\ndef draw(x, y):\n\n    return (x + y)\n"),
        ("unrelated", "x = 1", "x = 2"),
        ("models/unrelated", "x = 1", "x = 2"),
    ],
)
def test_comments_layout_and_other_modules_change_nothing(folder, module: str, old: str, new: str) -> None:
    before = key_of(folder(MODULES))
    assert key_of(folder({module: MODULES[module].replace(old, new)})) == before


def test_parameters_are_part_of_the_key(folder) -> None:
    figures = folder(MODULES)
    assert key_of(figures, "figure:line?n=4") != key_of(figures)
    assert key_of(figures, "figure:line?n=3") == key_of(figures)


PRINT_KEY = """
import sys
from pathlib import Path
from deckgen.figures.discover import discover
from deckgen.figures.key import dependencies, key
from deckgen.figures.request import resolve
from deckgen.figures.sources import Sources
sources = Sources(Path(sys.argv[1]))
print(key(dependencies(resolve("figure:line", discover(sources)), sources.closure("main"))))
"""


def key_elsewhere(figures: Path, *path: Path) -> str:
    """The key as another process computes it that finds its modules along `path` first."""
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {[*map(str, path)]}\n{PRINT_KEY}", str(figures)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("changed", ["style.py", "draw.py", "parts.py", "worker.py", "fonts/DeckgenSansSC-Bold.otf"])
def test_style_and_fonts_are_part_of_the_key(folder, tmp_path: Path, changed: str) -> None:
    figures, copy = folder(MODULES), tmp_path / "copy"
    copytree(Path(deckgen.__file__).parent, copy / "deckgen")
    before = key_elsewhere(figures, copy)
    assert before == key_of(figures)
    with (copy / "deckgen" / "figures" / changed).open("ab") as file:
        file.write(b"\n")
    assert key_elsewhere(figures, copy) != before


@pytest.mark.parametrize("library", ["matplotlib", "numpy", "pillow", "contourpy", "kiwisolver"])
def test_versions_of_libraries_are_part_of_the_key(folder, tmp_path: Path, library: str) -> None:
    figures, home = folder(MODULES), Path(deckgen.__file__).parents[1]
    install(tmp_path / "site", library, "99.0")
    assert key_elsewhere(figures, tmp_path / "site", home) != key_of(figures)


def test_so_are_those_of_further_libraries_that_a_figure_imports(folder, tmp_path: Path) -> None:
    figures = folder({**MODULES, "deeper": "import extralib\ndef draw(x, y): pass"})
    home = Path(deckgen.__file__).parents[1]
    keys = []
    for version in ("1.0", "1.0", "1.1"):
        install(tmp_path / version, "extralib", version)
        keys.append(key_elsewhere(figures, tmp_path / version, home))
    assert keys[0] == keys[1] != keys[2]


def install(site: Path, name: str, version: str) -> None:
    """What an installed distribution leaves behind for `importlib.metadata`."""
    info = site / f"{name}-{version}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "top_level.txt").write_text(f"{name}\n")
