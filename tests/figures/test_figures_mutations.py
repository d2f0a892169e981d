"""Tests which figures a change recomputes, and for which reason. Also tests that a figure cannot use undeclared things.

The changes: the function, a helper in the same file, an imported helper, a helper that this imports, a constant, a
default, a parameter, the check, an import, a data file. test_figures_key.py changes fonts and the house style in a copy.
Changes that recompute nothing: comments, layout, an unused module, an undeclared file.
"""

import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent

import pytest

from deckgen.figures import Figures
from deckgen.model import Media

HEAD = "from matplotlib.figure import Figure\nfrom deckgen.figures import data_path, figure\nfrom deckgen.figures.style import canvas\n"
FILES = {
    "main.py": HEAD + dedent("""\
        import helpers

        SIZE = 3

        @figure(alt="a line", data=["tables/points.csv"])
        def line(n: int = 3) -> Figure:
            drawing = canvas(2)
            points = [float(word) for word in data_path("tables/points.csv").read_text().split(",")]
            drawing.subplots().plot([helpers.scaled(x, SIZE) for x in first(points, n)])
            return drawing

        def first(points, n):
            return points[:n]

        @line.check
        def _(n):
            assert n > 1
        """),
    "helpers.py": "from models import core\n\ndef scaled(x, size): return core.times(x, size)\n",
    "models/core.py": "def times(x, y): return x * y\n",
    "other.py": HEAD + '\n@figure(alt="nothing")\ndef other() -> Figure:\n    return canvas(1)\n\n@other.check\ndef _(): pass\n',
    "unrelated.py": "x = 1\n",
    "tables/points.csv": "1,4,9,16",
    "tables/unrelated.csv": "1",
}  # fmt: skip


class Counting(ThreadPoolExecutor):
    """An executor that records the names of the figures it gets."""

    def __init__(self):
        super().__init__(1)
        self.names = []

    def submit(self, function, /, task):
        self.names.append(task.request.name)
        return super().submit(function, task)


@pytest.fixture(scope="module")
def executor():
    with Counting() as counting:
        yield counting


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "figures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def computed(deck: Path, executor: Counting, ref: str = "figure:line", **options: bool) -> dict[str, tuple[str, ...]]:
    """Compute `ref` and the other figure. Return the reasons for each figure that was not frozen."""
    figures = Figures(deck / "figures", deck / "cache", **options)
    requests = [figures.request(ref), figures.request("figure:other")]
    executor.names.clear()
    answers = figures.compute(requests, executor)
    assert all(isinstance(each, Media) for each in answers.values()), answers
    return {request.name: figures.reasons(request) for request in requests if request.name in executor.names}


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("main.py", "canvas(2)", "canvas(2.5)", "code of main changed"),
        ("main.py", "points[:n]", "points[-n:]", "code of main changed"),
        ("helpers.py", "core.times(x, size)", "core.times(x, -size)", "code of helpers changed"),
        ("models/core.py", "x * y", "x + y", "code of models.core changed"),
        ("main.py", "SIZE = 3", "SIZE = 4", "code of main changed"),
        ("main.py", "n: int = 3", "n: int = 2", "parameter n=2, code of main changed"),
        ("main.py", "assert n > 1", "assert n > 0", "code of main changed"),
        ("main.py", "import helpers", "import helpers, unrelated", "code of main changed, code of unrelated added"),
        ("tables/points.csv", "4", "5", "data file tables/points.csv changed"),
        ("models/core.py", "def times", "# the product\ndef  times", None),
        ("main.py", "SIZE = 3", "SIZE  =  3  # a comment", None),
        ("unrelated.py", "1", "2", None),
        ("tables/unrelated.csv", "1", "2", None),
    ],
    ids=[
        "the function",
        "a helper in the same file",
        "a helper it imports",
        "a helper of that",
        "a constant",
        "a default",
        "the check",
        "an import",
        "a data file",
        "a comment in a helper",
        "a comment and layout",
        "another module",
        "an undeclared file",
    ],
)
def test_a_change_recomputes_only_the_figures_that_use_it(
    deck: Path, executor: Counting, file: str, old: str, new: str, why: str | None
) -> None:
    assert computed(deck, executor) == {"line": ("new",), "other": ("new",)}
    text = (deck / "figures" / file).read_text("utf-8")
    assert old in text
    (deck / "figures" / file).write_text(text.replace(old, new), "utf-8")
    assert computed(deck, executor) == ({"line": tuple(why.split(", "))} if why else {})


def test_a_changed_parameter_and_refresh(deck: Path, executor: Counting) -> None:
    computed(deck, executor)
    assert computed(deck, executor, "figure:line?n=2") == {"line": ("parameter n=2",)}
    assert computed(deck, executor, "figure:line?n=3") == {}
    assert computed(deck, executor, refresh=True) == {"line": ("refreshed",), "other": ("refreshed",)}


def test_a_missing_picture_is_computed_again(deck: Path, executor: Counting) -> None:
    computed(deck, executor)
    for path in (deck / "cache").glob("*.webp"):
        path.unlink()
    assert computed(deck, executor) == {
        "line": ("the frozen picture was damaged",),
        "other": ("the frozen picture was damaged",),
    }


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("import helpers", "from importlib import import_module; helpers = import_module('help' + 'ers')",
         "it imports helpers of this deck by a computed name", "write an import statement"),
        ("import helpers", "helpers = __import__('helpers')", "it imports helpers of this deck by a computed name", "import statement"),
        ('data_path("tables/points.csv").read_text()', "open('{figures}/tables/unrelated.csv').read()",
         "it reads {figures}/tables/unrelated.csv, which is not declared", 'data=["tables/unrelated.csv"]'),
        ('data_path("tables/points.csv").read_text()', "open('{figures}/tables/points.csv').read()",
         "it reads {figures}/tables/points.csv, which is not declared", 'data_path("tables/points.csv")'),
        ('data_path("tables/points.csv").read_text()', "open('{figures}/unrelated.py').read()",
         "it reads {figures}/unrelated.py, which is not declared", 'data=["unrelated.py"]'),
        ("import helpers", "import importlib.util as u; s = u.spec_from_file_location('h', '{figures}/helpers.py'); "
         "helpers = u.module_from_spec(s); s.loader.exec_module(helpers)",
         f"it reads {{figures}}/__pycache__/helpers.{sys.implementation.cache_tag}.pyc, which is not declared", "write an import statement"),
    ],
    ids=["importlib", "__import__", "another file", "past data_path", "another module", "a module as a file"],
)  # fmt: skip
def test_using_what_the_key_does_not_contain_is_an_error(
    deck: Path, executor: Executor, old: str, new: str, message: str, hint: str
) -> None:
    main = deck / "figures" / "main.py"
    text = main.read_text("utf-8")
    assert old in text
    main.write_text(text.replace(old, new.format(figures=deck / "figures")), "utf-8")
    figures = Figures(deck / "figures", deck / "cache")
    [error] = figures.compute([figures.request("figure:line")], executor).values()
    assert error.code == "figure-outside" and hint in error.hint
    assert str(error).startswith(f"figure line(n=3): {message.format(figures=deck / 'figures')}\n  File ")


def test_a_figure_may_use_temporary_files_and_its_own_source(deck: Path, executor: Counting) -> None:
    main = deck / "figures" / "main.py"
    more = "import inspect, tempfile\n    assert 'canvas' in inspect.getsource(line.draw)\n"
    more += (
        "    with tempfile.TemporaryDirectory() as folder: open(folder + '/x', 'w').write('x')\n    drawing = canvas(2)"
    )
    main.write_text(main.read_text("utf-8").replace("drawing = canvas(2)", more), "utf-8")
    assert "line" in computed(deck, executor)
