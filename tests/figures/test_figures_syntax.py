"""Tests code as bytes: the same in every version of Python, different for code with another meaning."""

import ast
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from shutil import which

import pytest
from hypothesis import given
from hypothesis import strategies as st

import deckgen
from deckgen.figures.syntax import canonical

CASES = sorted((Path(__file__).parent / "cases" / "syntax").glob("*.py"))
# The first 16 hex digits of the SHA-256 of each case, in every version of Python.
DIGESTS = {
    "expressions": "263415bfdbf02f89",
    "generics_3_12": "073a1bd3dc70ba91",
    "statements": "a9be5a8a04f72137",
    "strings": "08af9633eafbf4b2",
}
PRINT = """
import ast, sys
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("syntax", sys.argv[1])
syntax = module_from_spec(spec)
spec.loader.exec_module(syntax)
for path in sys.argv[2:]:
    print(sha256(syntax.canonical(ast.parse(open(path, "rb").read()))).hexdigest()[:16])
"""


def bytes_of(text: str, **options: bool) -> bytes:
    return canonical(ast.parse(text), **options)


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_the_digest_is_the_recorded_one(path: Path) -> None:
    if path.stem.endswith("_3_12") and sys.version_info < (3, 12):
        pytest.skip("Python 3.12 reads it")
    assert sha256(bytes_of(path.read_text("utf-8"))).hexdigest()[:16] == DIGESTS[path.stem]


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_all_installed_versions_give_the_same_digest(version: str) -> None:
    python = which(f"python{version}")
    if not python or subprocess.run([python, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"there is no python{version} here; make matrix asks for it")
    paths = [path for path in CASES if version >= "3.12" or not path.stem.endswith("_3_12")]
    syntax = Path(deckgen.__file__).parent / "figures" / "syntax.py"
    done = subprocess.run([python, "-c", PRINT, syntax, *paths], check=True, capture_output=True, text=True)
    assert done.stdout.split() == [DIGESTS[path.stem] for path in paths]


@pytest.mark.parametrize(("one", "other"), [
    ("x = 1", "x  =  (1)  # one"), ("'a'", '"""a"""'), ("u'a'", "'a'"), ("'a' 'b'", "'ab'"), ("f'a' 'b'", "f'ab'"), ("f'{x}' ''", "f'{x}'"),
    ("x = 16", "x = 0x10"), ("x = 1000", "x = 1_000"), ("x = 1.0", "x = 1e0"), ("f(a,)", "f(\n    a\n)"), ("if x:\n\tpass", "if x:\n        pass"),
    ("with (a as b): pass", "with a as b: pass"), ("x = 1; y = 2", "x = 1\ny = 2"), ("x = (\n1,\n2)", "x = 1, 2"),
])  # fmt: skip
def test_layout_and_notation_do_not_count(one: str, other: str) -> None:
    assert bytes_of(one) == bytes_of(other)


DIFFERENT = [
    "x = 1",
    "x = 1.0",
    "x = True",
    "x = 1j",
    "x = '1'",
    "x = b'1'",
    "x = None",
    "x = ...",
    "x = -1",
    "x = ()",
    "x = []",
    "x = {}",
    "x = [None]",
    "x = [[]]",
    "x = [[], []]",
    "x: int = 1",
    "x += 1",
    "del x",
    "x",
    "x = y = 1",
    "x, = 1,",
    "x.y = 1",
    "x[1] = 1",
    "f'{x}'",
    "f'{x!r}'",
    "f'{x:1}'",
    "f'{x:{y}}'",
    "'{x}'",
    "f'{x=}'",
    "def f(a, b): pass",
    "def f(a, /, b): pass",
    "def f(a, *, b): pass",
    "def f(*, a, b=1): pass",
    "def f(*, a=1, b): pass",
    "async def f(a, b): pass",
    "def f(a, b=1): pass",
    "def f(a, b) -> int: pass",
    "def f(*a, b): pass",
    "@d\ndef f(a, b): pass",
    "class f: pass",
    "lambda a, b: 0",
    "lambda a, b=0: 0",
    "from . import x",
    "from .. import x",
    "from x import x",
    "import x",
    "import x as y",
    "global x",
    "(x := 1)",
    "{**x}",
    "{x}",
    "{x: x}",
    "f(*x)",
    "f(**x)",
    "f(x)",
    "f(x=x)",
    "match x:\n case None: pass",
    "match x:\n case True: pass",
    "match x:\n case _: pass",
    "match x:\n case [*_]: pass",
    "match x:\n case [_]: pass",
]


def test_code_with_another_meaning_differs() -> None:
    found = {bytes_of(text): text for text in DIFFERENT}
    assert len(found) == len(DIFFERENT)


def test_docstrings_count_unless_excluded() -> None:
    with_one, without = '"""a"""\nclass C:\n    "b"\n    def f(): "c"; return 1\n', "class C:\n    def f(): return 1\n"
    assert bytes_of(with_one) != bytes_of(without)
    assert bytes_of(with_one, docstrings=False) == bytes_of(without, docstrings=False)
    assert bytes_of("x = 'a'", docstrings=False) != bytes_of("x = 'b'", docstrings=False)


def test_a_sum_of_many_terms_is_converted() -> None:
    assert len(bytes_of("+".join(["x"] * 900))) > 900


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
        lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner),
        max_leaves=6,
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
        lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner),
        max_leaves=6,
    ),
)
def test_literals_differ_exactly_if_their_dumps_differ(one, other) -> None:
    """Two literals have the same bytes if and only if `ast.dump` gives the same text."""
    trees = ast.parse(repr(one)), ast.parse(repr(other))
    assert (canonical(trees[0]) == canonical(trees[1])) == (ast.dump(trees[0]) == ast.dump(trees[1]))
