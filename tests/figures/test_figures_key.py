"""Tests which changes give a picture another key."""

import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

import deckgen
from deckgen.figures.discover import discover
from deckgen.figures.key import picture_dependencies, picture_key
from deckgen.figures.request import resolve_reference
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
    declarations = discover(sources)
    data = map(sources.data, declarations["line"].data)
    return picture_key(picture_dependencies(resolve_reference(ref, declarations), sources.closure("main"), data))


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
def test_a_change_of_used_code_changes_the_key(folder, module: str, old: str, new: str) -> None:
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
def test_comments_layout_and_unused_modules_do_not_change_the_key(folder, module: str, old: str, new: str) -> None:
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
from deckgen.figures.key import picture_dependencies, picture_key
from deckgen.figures.request import resolve_reference
from deckgen.figures.sources import Sources
sources = Sources(Path(sys.argv[1]))
print(picture_key(picture_dependencies(resolve_reference("figure:line", discover(sources)), sources.closure("main"))))
"""


def key_elsewhere(figures: Path, *path: Path) -> str:
    """Return the key that another process computes. It searches `path` for modules first."""
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {[*map(str, path)]}\n{PRINT_KEY}", str(figures)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def key_with(figures: Path, copy: Path, changed: str, more: str) -> str:
    """Return the key after `more` was added to a file of deckgen.figures."""
    copytree(Path(deckgen.__file__).parent, copy / "deckgen")
    with (copy / "deckgen" / "figures" / changed).open("a") as file:
        file.write(more)
    return key_elsewhere(figures, copy)


@pytest.mark.parametrize(
    "changed", ["style.py", "draw.py", "parts.py", "fixed_settings.py", "fonts/DeckgenSansSC-Bold.otf"]
)
def test_style_and_fonts_are_part_of_the_key(folder, tmp_path: Path, changed: str) -> None:
    figures = folder(MODULES)
    assert key_with(figures, tmp_path / "copy", changed, "\nMORE = 1\n") != key_of(figures)


@pytest.mark.parametrize(
    ("changed", "more"),
    [
        ("style.py", "\n# a comment\n"),
        ("draw.py", "\n\n"),
        ("plots.py", "\nMORE = 1\n"),
        ("lint.py", "\nMORE = 1\n"),
        ("worker.py", "\nMORE = 1\n"),
    ],
    ids=["a comment", "layout", "plots that it does not draw with", "a rule for pictures", "what runs it"],
)
def test_code_that_changes_no_picture_is_not_part_of_the_key(folder, tmp_path: Path, changed: str, more: str) -> None:
    figures = folder(MODULES)
    assert key_with(figures, tmp_path / "copy", changed, more) == key_of(figures)


@pytest.mark.parametrize("changed", ["plots.py", "diagram.py", "layout.py"])
@pytest.mark.parametrize(
    "written",
    ["from deckgen.figures.plots import lines", "from deckgen.figures import plots", "import deckgen.figures.plots"],
)
def test_the_key_contains_the_plots_that_a_figure_imports(folder, tmp_path: Path, changed: str, written: str) -> None:
    figures = folder({**MODULES, "deeper": f"{written}\n{MODULES['deeper']}"})
    assert key_with(figures, tmp_path / "copy", changed, "\nMORE = 1\n") != key_of(figures)


@pytest.mark.parametrize("library", ["matplotlib", "numpy", "pillow", "extralib"])
def test_versions_of_libraries_are_not_part_of_the_key(folder, tmp_path: Path, library: str) -> None:
    figures = folder({**MODULES, "deeper": "import extralib\ndef draw(x, y): pass"})
    install(tmp_path / "site", library, "99.0")
    assert key_elsewhere(figures, tmp_path / "site", Path(deckgen.__file__).parents[1]) == key_of(figures)


def test_line_ends_are_not_part_of_the_key(folder, tmp_path: Path) -> None:
    main = MODULES["main"].replace('"a line"', '"a line", data=["x.csv"]')
    figures = folder({**MODULES, "main": main, "deeper": 'TEXT = """Two\nlines."""\ndef draw(x, y): return x + y\n'})
    (figures / "x.csv").write_bytes("1,2\n3,四\n".encode())
    before = key_of(figures)
    for path in (*figures.rglob("*.py"), figures / "x.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert key_of(figures) == before


def test_binary_data_is_not_changed(folder) -> None:
    figures = folder(MODULES)
    for content in (b"\0\r\n", b"\xff\xfe\r\n"):
        (figures / "x.bin").write_bytes(content)
        assert Sources(figures).data("x.bin").content == content


def install(site: Path, name: str, version: str) -> None:
    """Write the metadata of an installed distribution for `importlib.metadata`."""
    info = site / f"{name}-{version}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "top_level.txt").write_text(f"{name}\n")
