"""Jinja2 templates: what is escaped, which names they need, when jinja2 is imported, and that packages hold them."""

import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from deckgen.jinja import fill_page, fill_text

ROOT = Path(__file__).parents[1]


def template(folder: Path, text: str) -> Path:
    path = folder / "template.html"
    path.write_text(text)
    return path


def test_a_page_escapes_its_values(tmp_path):
    page = template(tmp_path, '<p title="{{ text }}">{{ text }}</p>\n<script>{{ data | tojson }}</script>\n')
    filled = fill_page(page, {"text": "a \"b\" <c> & 'd'", "data": {"键": "</script><b>"}})
    assert filled.splitlines() == [
        '<p title="a &#34;b&#34; &lt;c&gt; &amp; &#39;d&#39;">a &#34;b&#34; &lt;c&gt; &amp; &#39;d&#39;</p>',
        r'<script>{"键": "\u003c/script\u003e\u003cb\u003e"}</script>',
    ]


def test_a_text_file_keeps_values_and_the_marks_of_github_and_the_shell(tmp_path):
    text = "a: ${{ github.ref }} ${#x} {% raw\n%%[ if long ]%%\nlong\n%%[ endif ]%%\n  b: %%{value}\n\n"
    path = template(tmp_path, text)
    assert fill_text(path, {"value": "<&'\">", "long": False}) == "a: ${{ github.ref }} ${#x} {% raw\n  b: <&'\">\n\n"


@pytest.mark.parametrize("fill, text", [(fill_page, "{{ missing }}"), (fill_text, "%%{missing}")])
def test_a_name_without_a_value_is_an_error(tmp_path, fill, text):
    with pytest.raises(UndefinedError, match="missing"):
        fill(template(tmp_path, text), {"other": "x"})


def test_commands_that_fill_no_template_do_not_import_jinja2(tmp_path):
    (tmp_path / "a.md").write_text("## What is a query?\n\nA vector.\n")
    code = (
        "import sys, deckgen.diff.page; from deckgen.cli import main; main(['check', 'a.md'], standalone_mode=False); "
        "print('jinja2' in sys.modules, 'deckgen.diff.page' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False True", done.stdout + done.stderr


def test_the_package_contains_every_file_that_the_code_reads():
    """Setuptools packs only the files that a pattern of pyproject.toml names."""
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["deckgen"]
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "deckgen"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    files = [Path(name).relative_to("deckgen").as_posix() for name in listed if not name.endswith(".py")]
    assert "diff/page.html" in files and "init/files/deck.toml" in files
    lacking = [
        name
        for name in files
        if not any(fnmatch(name, pattern) or fnmatch(f"/{name}", f"/{pattern}") for pattern in patterns)
    ]
    assert not lacking, "add a pattern to package-data in pyproject.toml"
