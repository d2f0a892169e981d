"""Libraries that are rarely used are loaded at their first use, and then work as usual."""

import subprocess
import sys

import pytest


def output_of(code: str) -> str:
    """Run Python code in a process of its own, in which nothing is loaded yet."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


LAZILY = """import sys
from deckgen.lazy_imports import RARELY_USED, import_lazily
import_lazily({**RARELY_USED, "no_such_module": ()})
"""


@pytest.mark.parametrize(
    "use, submodule, result",
    [
        (
            "from bs4 import BeautifulSoup; soup = BeautifulSoup('<p><b>x</b>', 'html.parser')",
            "soupsieve.css_parser",
            "",
        ),
        (
            "import bs4; print(bs4.BeautifulSoup('<p><b>x</b>', 'html.parser').select('p > b')[0].text)",
            "soupsieve.css_parser",
            "x",
        ),
        ("import genanki", "chevron.renderer", ""),
        ("import pymdownx.util", "http.client", ""),
        ("from urllib.request import pathname2url; print(pathname2url('/a b'))", "http.client", "/a%20b"),
        ("import urllib.request; print(urllib.request.Request('http://name/b').host)", "http.client", "name"),
        ("from chevron import render; print(render('{{a}}', {'a': 1}))", "chevron.renderer", "1"),
    ],
)
def test_a_library_is_loaded_when_it_is_used(use: str, submodule: str, result: str) -> None:
    shown = output_of(f"{LAZILY}{use}\nprint({submodule!r} in sys.modules)").split()
    assert shown == [*result.split(), str(bool(result))]


def test_a_missing_module_stays_missing_and_a_loaded_one_stays_loaded() -> None:
    code = (
        f"import chevron as before\n{LAZILY}import chevron\nprint(chevron is before, 'no_such_module' in sys.modules)"
    )
    assert output_of(code) == "True False"


def test_a_command_that_needs_none_of_them_loads_none() -> None:
    code = """import sys
from deckgen.cli import main
try:
    main(["build", "--help"])
except SystemExit:
    import deckgen.pipeline.build
print({each.split(".")[0] for each in sys.modules if "." in each} & {"charset_normalizer", "chevron", "soupsieve", "markdown_it", "http", "multiprocessing", "yaml"})"""
    assert output_of(code).endswith("set()")


def test_a_library_gets_a_module_lazily_and_others_get_the_module() -> None:
    code = """import sys
from deckgen.lazy_imports import imported_lazily
with imported_lazily("asyncio", "yaml"):
    import genanki, yaml as own
print("asyncio" in sys.modules, "yaml" in sys.modules)
import yaml.nodes
print(genanki.Model(1, "A", fields="- name: B", templates="[]").fields, isinstance(own.compose("[1]"), yaml.nodes.SequenceNode))"""
    assert output_of(code) == "False False\n[{'name': 'B'}] True"
