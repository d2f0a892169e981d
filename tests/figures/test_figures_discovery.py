"""Tests which figures are found in a folder without running its code. The first line of a case is the expected problem."""

from pathlib import Path

import pytest
from figure_texts import LINE

from deckgen.figures import Figures
from deckgen.figures.discover import discover
from deckgen.figures.sources import Sources
from deckgen.problems import DeckError

CASES = sorted((Path(__file__).parent / "cases" / "declarations").glob("*.py"))
assert CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_wrong_declaration_is_reported_at_its_place(case: Path, tmp_path: Path) -> None:
    file = tmp_path / case.name
    file.write_bytes(case.read_bytes())
    with pytest.raises(DeckError) as raised:
        discover(Sources(tmp_path))
    found = [f"# {each.line}:{each.column}: {each.message}" for each in raised.value.problems]
    assert found == case.read_text("utf-8").splitlines()[:1]
    assert raised.value.problems[0].file == str(file)


def test_a_declaration_is_read_from_the_code(folder) -> None:
    found = discover(Sources(folder(shapes=LINE)))["line"]
    assert (found.module, found.line, found.alt) == ("shapes", 7, "a line")
    assert [(each.name, each.type, each.default) for each in found.parameters] == [
        ("n", int, 3),
        ("title", str, "线"),
        ("slope", float, 1.0),
        ("grid", bool, False),
    ]


def test_a_folder_or_a_broken_link_with_the_name_of_a_module_is_none(folder) -> None:
    figures = folder(shapes=LINE)
    (figures / "dir.py").mkdir()
    (figures / "gone.py").symlink_to("nowhere.py")
    assert discover(Sources(figures)).keys() == {"line"}
    assert Sources(figures).names() == {"shapes"}


def test_discovery_runs_no_code(folder) -> None:
    figures = folder(shapes=LINE + "raise SystemExit('run')\n")
    assert "line" in discover(Sources(figures))


def test_all_problems_are_reported_together(folder) -> None:
    figures = folder(a="def (", b=LINE, c=LINE, d="from deckgen.figures import figure\n@figure()\ndef f(): pass\n")
    with pytest.raises(DeckError) as raised:
        Figures(figures, figures / "cache")
    assert [Path(each.file).name for each in raised.value.problems] == ["a.py", "c.py", "d.py"]


def test_a_broken_helper_is_reported_once_at_its_own_place(folder) -> None:
    figures = folder({"a": "import helpers.tools", "b": "from helpers import tools", "helpers/tools": "\n\nx ==="})
    with pytest.raises(DeckError) as raised:
        discover(Sources(figures))
    [problem] = set(raised.value.problems)
    assert (problem.file, problem.line) == (str(figures / "helpers" / "tools.py"), 3)


def test_a_module_with_the_name_of_a_library_is_an_error(folder) -> None:
    with pytest.raises(DeckError, match="may not have the name random"):
        discover(Sources(folder(random="", shapes=LINE)))


def test_a_null_byte_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_bytes(b"x = 1\0")
    with pytest.raises(DeckError, match="not Python"):
        discover(Sources(tmp_path))


def test_files_in_sub_folders_declare_no_figures(folder) -> None:
    assert discover(Sources(folder({"models/shapes": LINE}))) == {}


@pytest.mark.parametrize(
    ("importing", "expected"),
    [
        ("import helpers", ["helpers"]),
        ("from helpers import x", ["helpers"]),
        ("import models.deep.core", ["models", "models.deep", "models.deep.core"]),
        ("from models import attention", ["helpers", "models", "models.attention"]),
        ("from models.attention import softmax as s", ["helpers", "models", "models.attention"]),
        ("def f():\n    import helpers", ["helpers"]),
        ("import numpy, os.path", []),
    ],
)
def test_the_closure_follows_imports(folder, importing: str, expected: list[str]) -> None:
    figures = folder(
        {
            "main": importing,
            "helpers": "",
            "unrelated": "",
            "models/attention": "from . import missing\nimport helpers",
            "models/deep/core": "from ... import beyond",
            "models/deep/__init__": "",
        }
    )
    names = [module.name for module in Sources(figures).closure("main")]
    assert sorted(names) == sorted(["main", *expected])


def test_relative_imports_are_followed(folder) -> None:
    figures = folder(
        {
            "main": "import models.a",
            "models/__init__": "from .e import x",
            "models/a": "from .b import x\nfrom . import c",
            "models/b": "",
            "models/c": "",
            "models/d": "",
            "models/e": "",
        }
    )
    names = [module.name for module in Sources(figures).closure("main")]
    assert names == ["main", "models", "models.a", "models.b", "models.c", "models.e"]
